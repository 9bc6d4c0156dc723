#!/usr/bin/env python3
"""Golden values for LRP, attention rollout and attention relevance, from PyTorch in float64.

LRP is written down with relevances, not multipliers, layer by layer. Writes goldens.json beside
this file, with the versions that made it. On Debian:

    apt-get install python3-torch && /usr/bin/python3 -B test/relevance/goldens.py
"""

import json
import pathlib
import platform

import numpy as np
import torch
from torch.nn.functional import conv2d, max_pool2d, softmax

GAMMA, EPSILON, LOW, HIGH = 0.25, 0.01, -4, 4
BATCH_NORM_EPSILON = 0.001
TARGET = 1
RANDOM = np.random.RandomState(5)


def eighths(*shape):
    """Numbers that float32 and a short text hold exactly."""
    return torch.from_numpy(np.round(8 * RANDOM.standard_normal(shape)) / 8)


def through(function, x):
    """The product of a vector with the transposed Jacobian of a function at x."""
    x = x.detach().requires_grad_()
    y = function(x)
    return lambda s: torch.autograd.grad(y, x, s)[0]


def ratio(r, z):
    return torch.where(z.abs() > 1e-12, r / torch.where(z.abs() > 1e-12, z, torch.ones_like(z)), torch.zeros_like(r))


def signs(x, w, b, layer):
    """z+ and z-, and for shares of each what they are of x."""
    xs, ws, bs = (x.clamp(min=0), x.clamp(max=0)), (w.clamp(min=0), w.clamp(max=0)), (b.clamp(min=0), b.clamp(max=0))
    found = []
    for sign in (0, 1):
        pairs = [(xs[0], ws[sign]), (xs[1], ws[1 - sign])]
        z = sum(layer(x, w) for x, w in pairs) + bs[sign]
        found.append((z, lambda s, pairs=pairs: sum(x * through(lambda x, w=w: layer(x, w), x)(s) for x, w in pairs)))
    return found


def convolution(x, w):
    return conv2d(x, w, padding=1)


def positive(r, x, w, b, layer):
    (z, shares), _ = signs(x, w, b, layer)
    return shares(ratio(r, z))


def alpha_beta(r, x, w, b, layer):
    (z_plus, of_plus), (z_minus, of_minus) = signs(x, w, b, layer)
    return of_plus(ratio(2 * r, z_plus)) - of_minus(ratio(r, z_minus))


def gamma(r, x, w, b, layer):
    (z_plus, of_plus), (z_minus, of_minus) = signs(x, w, b, layer)
    z = z_plus + z_minus
    s_plus = torch.where(z > 0, ratio(r, z + GAMMA * z_plus), torch.zeros_like(r))
    s_minus = torch.where(z < 0, ratio(r, z + GAMMA * z_minus), torch.zeros_like(r))
    both = of_plus(s_plus + s_minus) + of_minus(s_plus + s_minus)
    return both + GAMMA * (of_plus(s_plus) + of_minus(s_minus))


def epsilon(r, x, w, b, layer):
    z = layer(x, w) + b
    sign = torch.where(z >= 0, 1.0, -1.0)
    return x * through(lambda x: layer(x, w), x)(r / (z + EPSILON * sign))


def flat(r, x, w, b, layer):
    ones = torch.ones_like(w)
    return through(lambda x: layer(x, ones), x)(r / layer(torch.ones_like(x), ones))


def box(r, x, w, b, layer):
    low, high = torch.full_like(x, LOW), torch.full_like(x, HIGH)
    parts = [(x, w, 1), (low, w.clamp(min=0), -1), (high, w.clamp(max=0), -1)]
    z = sum(sign * layer(x, w) for x, w, sign in parts)
    s = ratio(r, z)
    return sum(sign * x * through(lambda x, w=w: layer(x, w), x)(s) for x, w, sign in parts)


# the rules of convolutions, dense layers and the first layer
COMPOSITES = {
    "epsilonPlusFlat": (positive, epsilon, flat),
    "epsilonGammaBox": (gamma, epsilon, box),
    "epsilonAlpha2Beta1": (alpha_beta, epsilon, alpha_beta),
    "zPlus": (positive, positive, positive),
    "epsilon": (epsilon, epsilon, epsilon),
    "gamma": (gamma, gamma, gamma),
}


def relevance(x, p, rules):
    """Of a residual network: x [n, 2, 6, 6] -> [n, 3]."""
    conv, dense, first = rules
    scale = p["scale"] / torch.sqrt(p["variance"] + BATCH_NORM_EPSILON)
    merged = p["second"] * scale[:, None, None, None]
    shift = (p["offset"] - p["mean"] * scale)[:, None, None]
    bias = p["firstBias"][:, None, None]
    y = (convolution(x, p["first"]) + bias).relu()
    z = convolution(y, merged) + shift
    added = (z + y).relu()
    pooled = max_pool2d(added, 2)
    rows = pooled.permute(0, 2, 3, 1).flatten(1)

    def product(x, w):
        return x @ w

    logits = rows @ p["dense"] + p["denseBias"]
    r = torch.zeros_like(logits)
    r[:, TARGET] = logits[:, TARGET]
    r = dense(r, rows, p["dense"], p["denseBias"], product)
    r = r.reshape(-1, 3, 3, 4).permute(0, 3, 1, 2)
    # The greatest value of each window takes all.
    r = through(lambda x: max_pool2d(x, 2), added)(r)
    share = ratio(r, z + y)
    r_y = y * share + conv(z * share, y, merged, shift, convolution)
    return first(r_y, x, p["first"], bias, convolution)


def attention_maps(x, p):
    """Of a transformer of two layers with two heads: patches [1, 4, 6] and a class token."""
    tokens = torch.cat([p["class"], x @ p["embedding"]], 1)
    layers = []
    for weights in p["layers"]:
        q, k, v = ((tokens @ w).reshape(1, 5, 2, 3).permute(0, 2, 1, 3) for w in weights[:3])
        probabilities = softmax(q @ k.transpose(-1, -2), -1)
        probabilities.retain_grad()
        layers.append(probabilities)
        tokens = tokens + (probabilities @ v).permute(0, 2, 1, 3).reshape(1, 5, 6) @ weights[3]
    (tokens[:, 0] @ p["head"])[0, TARGET].backward()
    rollout, relevance = torch.eye(5, dtype=torch.float64), torch.eye(5, dtype=torch.float64)
    for a in layers:
        mean = a[0].mean(0) + torch.eye(5)
        rollout = (mean / mean.sum(-1, keepdim=True)) @ rollout
        relevance = relevance + (a.grad * a).relu()[0].mean(0) @ relevance
    return {"rollout": rollout[0, 1:], "relevance": relevance[0, 1:]}


def main():
    parameters = {
        "first": eighths(4, 2, 3, 3),
        "firstBias": eighths(4),
        "second": eighths(4, 4, 3, 3),
        "mean": eighths(4),
        "variance": eighths(4).abs() + 0.5,
        "scale": eighths(4),
        "offset": eighths(4),
        "dense": eighths(36, 3),
        "denseBias": eighths(3),
    }
    x = eighths(2, 2, 6, 6)
    maps = {name: relevance(x, parameters, rules) for name, rules in COMPOSITES.items()}
    transformer = {
        "class": eighths(1, 1, 6).requires_grad_(),
        "embedding": eighths(6, 6),
        "layers": [[eighths(6, 6) / 2 for _ in range(4)] for _ in range(2)],
        "head": eighths(6, 3),
    }
    patches = eighths(1, 4, 6)
    values = {
        "generator": "test/relevance/goldens.py",
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "torch": torch.__version__},
        "parameters": {name: as_json(value) for name, value in parameters.items()},
        "x": as_json(x),
        "maps": {name: as_json(value) for name, value in maps.items()},
        "transformer": {
            **{name: as_json(transformer[name]) for name in ("class", "embedding", "head")},
            "layers": [[as_json(w) for w in weights] for weights in transformer["layers"]],
            "patches": as_json(patches),
            **{name: as_json(value) for name, value in attention_maps(patches, transformer).items()},
        },
    }
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(values) + "\n")


def as_json(value):
    """As tfjs has it: images [n, h, w, c], filters [h, w, in, out]."""
    if value.ndim == 4:
        is_filter = value.shape[-1] == 3
        value = value.permute(2, 3, 1, 0) if is_filter else value.permute(0, 2, 3, 1)
    return {"shape": list(value.shape), "data": value.detach().flatten().tolist()}


if __name__ == "__main__":
    main()
