#!/usr/bin/env python3
"""Golden pictures from matplotlib's colours and contours, Pillow's resizing and blending, and numpy's percentile.

Writes the .png files beside this file. On Debian (3.6.3, 9.4.0 and 1.24.2 made the ones that are there):

    apt-get install python3-matplotlib && /usr/bin/python3 test/picture/golden/generate.py

The attribution and the photo are formulas, the same as in ../golden.test.ts.
"""

import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib import colormaps
from PIL import Image

COLORMAPS = ["gray", "viridis", "inferno", "magma", "turbo"]
GAP = 4


def attribution():
    i, j = np.mgrid[0:24, 0:32]
    return 3 - ((i - 8) ** 2 + (j - 20) ** 2) / 40 + ((5 * i + 3 * j) % 7) / 10


def photo():
    i, j = np.mgrid[0:96, 0:128]
    return np.stack([2 * i, i + j, 255 - 2 * j], -1).astype(np.uint8)


def positive(a):
    least, greatest = a.min(), np.percentile(a, 99)
    return np.clip((a - least) / (greatest - least), 0, 1)


def coloured(values, name):
    return colormaps[name](values, bytes=True)[..., :3]


def in_grid(pictures, columns):
    height, width = pictures[0].shape[:2]
    rows = -(-len(pictures) // columns)
    canvas = np.full((rows * (height + GAP) - GAP, columns * (width + GAP) - GAP, 3), 255, np.uint8)
    for index, picture in enumerate(pictures):
        top, left = index // columns * (height + GAP), index % columns * (width + GAP)
        canvas[top : top + height, left : left + width] = picture
    return canvas


def resized(values, height, width):
    image = Image.fromarray(values.astype(np.float32), "F")
    return np.asarray(image.resize((width, height), Image.BILINEAR))


def blend(image, values):
    other = Image.fromarray(coloured(values, "inferno"))
    return np.asarray(Image.blend(Image.fromarray(image), other, 0.5))


def mask(image, values):
    black = Image.new("RGB", image.shape[1::-1])
    weight = Image.fromarray(np.round(255 * values).astype(np.uint8), "L")
    return np.asarray(Image.composite(Image.fromarray(image), black, weight))


def heat(image, values):
    other = coloured(values, "inferno")
    weight = 0.75 * values[..., None]
    return np.round((1 - weight) * image + weight * other).astype(np.uint8)


def contour(image, values):
    height, width = values.shape
    figure = plt.figure(figsize=(width / 72, height / 72), dpi=72)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.imshow(image, interpolation="nearest", aspect="auto")
    colors = [coloured(np.array([level]), "inferno")[0] / 255 for level in (0.25, 0.5, 0.75)]
    axes.contour(values, (0.25, 0.5, 0.75), colors=colors, linewidths=1.5)
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[..., :3]


def main():
    values = positive(attribution())
    image = photo()
    on_photo = np.clip(resized(values, *image.shape[:2]), 0, 1)
    pictures = {
        "colormaps": in_grid([coloured(values, name) for name in COLORMAPS], 3),
        "heat": heat(image, on_photo),
        "blend": blend(image, on_photo),
        "mask": mask(image, on_photo),
        "contour": contour(image, on_photo),
    }
    for name, picture in pictures.items():
        Image.fromarray(picture).save(pathlib.Path(__file__).with_name(f"{name}.png"), optimize=True)


main()
