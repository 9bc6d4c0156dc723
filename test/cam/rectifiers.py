#!/usr/bin/env python3
"""Golden values for guided backpropagation and deconvolution, from PyTorch's autograd in float64.

Writes rectifiers.json beside this file, with the versions that made it. On Debian:

    apt-get install python3-torch && /usr/bin/python3 -B test/cam/rectifiers.py
"""

import json
import pathlib
import platform

import numpy as np
import torch
from torch.nn.functional import conv2d, max_pool2d

CEILING = 6


def rectifier(kind):
    """relu with a ceiling, whose gradient is that of `kind`."""

    class Rectifier(torch.autograd.Function):
        @staticmethod
        def forward(context, z, ceiling):
            context.save_for_backward((z > 0) & (z < ceiling))
            return z.clamp(0, ceiling)

        @staticmethod
        def backward(context, dy):
            (gate,) = context.saved_tensors
            if kind == "gradient":
                return dy * gate, None
            return dy.relu() * (gate if kind == "guided" else 1), None

    return Rectifier.apply


def network(x, parameters, relu):
    """x [n, 2, 6, 6] -> [n, 3]"""
    y = relu(conv2d(x, parameters["first"], parameters["firstBias"], padding=1), float("inf"))
    z = conv2d(y, parameters["second"], parameters["secondBias"], padding=1)
    pooled = max_pool2d(relu(z + y, CEILING), 2)
    return pooled.permute(0, 2, 3, 1).flatten(1) @ parameters["dense"]


def main():
    random = np.random.RandomState(5)

    def eighths(*shape):
        """Numbers that float32 and a short text hold exactly."""
        return torch.from_numpy(np.round(8 * random.standard_normal(shape)) / 8)

    parameters = {
        "first": eighths(4, 2, 3, 3),
        "firstBias": eighths(4),
        "second": eighths(4, 4, 3, 3),
        "secondBias": eighths(4),
        "dense": eighths(36, 3),
    }
    x = eighths(2, 2, 6, 6)
    maps = {}
    for kind in ("gradient", "guided", "deconvolution"):
        image = x.clone().requires_grad_()
        network(image, parameters, rectifier(kind))[:, 1].sum().backward()
        maps[kind] = image.grad
    values = {
        "generator": "test/cam/rectifiers.py",
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "torch": torch.__version__},
        "parameters": {name: as_json(value) for name, value in parameters.items()},
        "x": as_json(x),
        "maps": {name: as_json(value) for name, value in maps.items()},
    }
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(values) + "\n")


def as_json(value):
    """As tfjs has it: images [n, h, w, c], filters [h, w, in, out]."""
    if value.ndim == 4:
        is_filter = value.shape[-1] == 3
        value = value.permute(2, 3, 1, 0) if is_filter else value.permute(0, 2, 3, 1)
    return {"shape": list(value.shape), "data": value.flatten().tolist()}


if __name__ == "__main__":
    main()
