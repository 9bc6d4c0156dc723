#!/usr/bin/env python3
"""Golden values from scipy.ndimage.gaussian_filter, for ../blur.test.ts.

Writes blur.json beside this file. On Debian (scipy 1.10.1 and numpy 1.24.2 made the one that is there):

    apt-get install python3-scipy && /usr/bin/python3 test/picture/golden/blur.py
    npx prettier --write test/picture/golden/blur.json

The maps are formulas, the same as in ../blur.test.ts.
"""

import json
import pathlib

import numpy as np
from scipy.ndimage import gaussian_filter

# Height, width, and sigma as a fraction of the shorter side.
CASES = [(9, 13, 0.02), (9, 13, 0.1), (13, 9, 0.25), (6, 5, 1.0), (1, 7, 1.0), (7, 2, 0.6), (17, 21, 0.04)]


def values(height, width):
    i, j = np.mgrid[0:height, 0:width]
    return ((7 * i + 3 * j + i * j) % 11) - 4.0


def blurred(height, width, sigma):
    pixels = sigma * min(height, width)
    result = gaussian_filter(values(height, width), pixels, mode="reflect", truncate=4)
    return {"height": height, "width": width, "sigma": sigma, "blurred": result.ravel().round(6).tolist()}


path = pathlib.Path(__file__).with_name("blur.json")
path.write_text(json.dumps([blurred(*case) for case in CASES]) + "\n")
