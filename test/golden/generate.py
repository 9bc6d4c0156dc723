#!/usr/bin/env python3
"""Golden values for the input gradients of two small networks, from PyTorch's autograd.

Writes vgg.json and mobilenet.json beside this file, with the versions that made them. On Debian:

    apt-get install python3-torch && /usr/bin/python3 -B test/golden/generate.py

Computed in float64; weights, images and noise are float32 values from fixed seeds. The largest relative distance of
the same computation in float32 is recorded with them: it is what float32 arithmetic can be asked to reproduce.
"""

import base64
import json
import pathlib
import platform

import numpy as np
import torch

import networks
from values import article, saturated, smooth_grad, vanilla

# With this one the article's noisy samples have different labels, and no activation is so near a kink of its ReLU that
# float32 arithmetic could take the other side: main checks both.
SEED = 34
MEANS_BGR = [103.939, 116.779, 123.68]
SAMPLES = 4


def main():
    vgg = golden(networks.vgg(SEED), vgg_values)
    assert len(set(vgg["article"]["labels"])) > 1
    mobilenet = golden(networks.mobilenet(SEED), mobilenet_values)
    for name, values in (("vgg.json", vgg), ("mobilenet.json", mobilenet)):
        assert values["float32Distance"] < 1e-6
        pathlib.Path(__file__).with_name(name).write_text(json.dumps(values, default=as_json, indent=1) + "\n")


def golden(layers, compute):
    values, rounded = compute(layers, torch.float64), compute(layers, torch.float32)
    return {
        "generator": "test/golden/generate.py",
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "torch": torch.__version__},
        "float32Distance": float32_distance(values, rounded),
        "layers": layers,
        **values,
    }


def vgg_values(layers, dtype):
    random = np.random.RandomState(7)
    images = torch.from_numpy(photos(random, 16, 16)).to(dtype)
    noise = torch.from_numpy(random.standard_normal([SAMPLES, 16, 16, 3]).astype(np.float32)).to(dtype)
    x = images.flip(-1) - torch.tensor(MEANS_BGR, dtype=dtype)
    return {
        "images": images,
        "noise": noise,
        **vanilla(layers, x),
        "saturated": saturated(layers, x),
        "smoothGrad": smooth_grad(layers, x[0], noise),
        "article": article(layers, x[0], noise),
    }


def mobilenet_values(layers, dtype):
    """An odd height and an even width: the two ways 'same' pads at stride 2."""
    images = torch.from_numpy(photos(np.random.RandomState(11), 15, 16)).to(dtype)
    return vanilla(layers, images / 127.5 - 1)


def photos(random, height, width):
    """Two RGB images of whole numbers 0..255 [2, height, width, 3]: a slope of colour, a disc and some grain."""
    row, column = np.mgrid[0:height, 0:width][..., None]
    down, across = random.uniform(-8, 8, [2, 2, 1, 1, 3])
    slope = down * (row - height / 2) + across * (column - width / 2)
    disc = (row - 0.4 * height) ** 2 + (column - 0.6 * width) ** 2 < 16
    grain = random.normal(0, 20, [2, height, width, 3])
    image = 128 + slope + disc * random.uniform(-90, 90, [2, 1, 1, 3]) + grain
    return np.clip(np.round(image), 0, 255).astype(np.float32)


def float32_distance(exact, rounded):
    """The largest difference of two trees of values, relative to the largest value of each tensor."""
    if isinstance(exact, dict):
        return max(float32_distance(exact[key], rounded[key]) for key in exact)
    if not isinstance(exact, torch.Tensor):
        return 0.0
    return ((exact - rounded.double()).abs().max() / exact.abs().max()).item()


def as_json(value):
    """Tensors as their shape and the base64 of their little-endian float32 values."""
    values = np.asarray(value, dtype="<f4")
    return {"shape": list(values.shape), "float32": base64.b64encode(values.tobytes()).decode()}


if __name__ == "__main__":
    main()
