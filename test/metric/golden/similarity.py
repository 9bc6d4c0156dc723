"""Writes similarity.json: maps with ties and what scipy says of them; SSIM by skimage's formula."""

import json
from pathlib import Path

import numpy as np
from scipy.ndimage import uniform_filter
from scipy.stats import entropy, pearsonr, spearmanr

random = np.random.default_rng(1)


def ssim(a, b):
    """skimage.metrics.structural_similarity(a, b, data_range=1), both scaled to 0..1."""
    a, b = [(x - x.min()) / (x.max() - x.min()) for x in (a, b)]
    mean = lambda x: uniform_filter(x, size=7)
    unbiased = 49 / 48
    ua, ub = mean(a), mean(b)
    va, vb = unbiased * (mean(a * a) - ua * ua), unbiased * (mean(b * b) - ub * ub)
    vab = unbiased * (mean(a * b) - ua * ub)
    c1, c2 = 0.01**2, 0.03**2
    s = (2 * ua * ub + c1) * (2 * vab + c2) / ((ua**2 + ub**2 + c1) * (va + vb + c2))
    return s[3:-3, 3:-3].mean()


def pair(a, b):
    return {
        "shape": list(a.shape),
        "a": a.ravel().tolist(),
        "b": b.ravel().tolist(),
        "pearson": pearsonr(a.ravel(), b.ravel())[0],
        "spearman": spearmanr(a.ravel(), b.ravel())[0],
        "ssim": ssim(a, b),
        "entropy": entropy(np.abs(a).ravel()),
    }


smooth = uniform_filter(random.normal(size=(16, 20)), 3)
pairs = [
    pair(smooth.round(3), (smooth + 0.1 * random.normal(size=smooth.shape)).round(3)),
    # Many ties.
    pair(random.integers(0, 4, (9, 8)).astype(float), random.integers(-1, 2, (9, 8)).astype(float)),
    pair(smooth.round(3), (-smooth).round(1)),
]
Path(__file__).with_suffix(".json").write_text(json.dumps(pairs, indent=1) + "\n")
