"""What is computed of a network: gradients of every score, SmoothGrad with given noise, and the article's pipeline.

layers: see networks.py. x: images [n, height, width, channels], or one without n, in float32 or float64.
noise: values of the standard normal distribution [samples, height, width, channels].
"""

import numpy as np
import torch
import torch.nn.functional as F

from forward import logits

CLASS_INDEX = [1, 3]
SATURATION = 1000.0
NOISE_LEVEL = 0.15
ARTICLE_NOISE_LEVEL = 0.2


def vanilla(layers, x):
    """Every score's gradient for a batch of two images of different classes."""
    return {
        "input": x,
        "classIndex": CLASS_INDEX,
        "probabilities": F.softmax(logits(layers, x), dim=1),
        "gradients": {name: gradient(layers, x, CLASS_INDEX, name) for name in SCORES},
    }


def saturated(layers, x):
    """The last layer times a factor that makes one probability 1 and the others 0 in float32. The logit's gradient
    does not mind. The log probability of a class that has lost is its logit minus the winner's: finite, while the
    logarithm of its float32 probability is not."""
    last = layers[-1]
    kernel, bias = (last[name] * np.float32(SATURATION) for name in ("kernel", "bias"))
    layers = [*layers[:-1], {**last, "kernel": kernel, "bias": bias}]
    order = logits(layers, x).argsort(dim=1)
    winners, losers = order[:, -1].tolist(), order[:, 0].tolist()
    return {
        "factor": SATURATION,
        "winners": winners,
        "losers": losers,
        "probabilities": F.softmax(logits(layers, x), dim=1),
        "logitOfWinners": gradient(layers, x, winners, "logit"),
        "logProbabilityOfLosers": gradient(layers, x, losers, "logProbability"),
    }


def smooth_grad(layers, x, noise):
    """The statistics over the samples, of the gradients [h, w, c] and of their maxAbs over the channels [h, w]."""
    std_dev = NOISE_LEVEL * (x.max() - x.min())
    classes = [CLASS_INDEX[0]] * len(noise)
    gradients = gradient(layers, x + std_dev * noise, classes, "logit")
    return {
        "noiseLevel": NOISE_LEVEL,
        "classIndex": CLASS_INDEX[0],
        "perChannel": statistics(gradients),
        "maxAbs": statistics(gradients.abs().amax(dim=-1)),
    }


def statistics(samples):
    return {
        "mean": samples.mean(dim=0),
        "meanAbs": samples.abs().mean(dim=0),
        "meanSquare": (samples**2).mean(dim=0),
        "variancePopulation": samples.var(dim=0, unbiased=False),
        "varianceUnbiased": samples.var(dim=0, unbiased=True),
    }


def article(layers, x, noise):
    """Sigma 51 = 20 % of 255 on an image less its means; each noisy sample has its own label, its own argmax; the loss
    is the softmax cross-entropy of the PROBABILITIES, so softmax twice; the maximum of |gradient| over the channels of
    each sample; and the mean of these after 1, 2, 3, ... samples, with the map of the image itself to compare."""

    def maps_and_labels(inputs):
        labels = logits(layers, inputs).argmax(dim=1).tolist()
        return gradient(layers, inputs, labels, "crossEntropy").abs().amax(dim=-1), labels

    (noiseless,), _ = maps_and_labels(x[None])
    maps, labels = maps_and_labels(x + ARTICLE_NOISE_LEVEL * 255 * noise)
    counts = torch.arange(1, len(noise) + 1, dtype=x.dtype).reshape(-1, 1, 1)
    return {
        "noiseLevel": ARTICLE_NOISE_LEVEL,
        "noiseless": noiseless,
        "labels": labels,
        "meanAfter": maps.cumsum(dim=0) / counts,
    }


SCORES = {
    "logit": lambda z, classes: pick(z, classes),
    "output": lambda z, classes: pick(F.softmax(z, dim=1), classes),
    "logProbability": lambda z, classes: pick(F.log_softmax(z, dim=1), classes),
    "crossEntropy": lambda z, classes: F.cross_entropy(F.softmax(z, dim=1), torch.tensor(classes), reduction="none"),
}


def pick(scores, classes):
    return scores[torch.arange(len(classes)), classes]


def gradient(layers, x, classes, score):
    x = x.clone().requires_grad_(True)
    (result,) = torch.autograd.grad(SCORES[score](logits(layers, x), classes).sum(), x)
    return result
