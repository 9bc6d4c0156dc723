/**
 * The input's part of F(4x4, 3x3): tiles of 6 x 6 pixels, 4 apart, to 36 planes.
 *
 * Letters: h x w pixels, c channels (a multiple of 16). V, the result, is
 * [plane][tile / 4][c / 16][4 tiles][16 channels], the order in which `product` reads it.
 */
import { A, A2, add, B, B2, scale, sub } from './points';

/** Transforms six values to six. */
function transform(from: usize, step: usize, to: usize, stepTo: usize): void {
  const d0 = v128.load(from);
  const d1 = v128.load(from + step);
  const d2 = v128.load(from + 2 * step);
  const d3 = v128.load(from + 3 * step);
  const d4 = v128.load(from + 4 * step);
  const d5 = v128.load(from + 5 * step);
  v128.store(to, add(sub(scale(d0, A2 * B2), scale(d2, A2 + B2)), d4));
  const evenA = sub(d4, scale(d2, B2));
  const oddA = scale(sub(d3, scale(d1, B2)), A);
  v128.store(to + stepTo, add(evenA, oddA));
  v128.store(to + 2 * stepTo, sub(evenA, oddA));
  const evenB = sub(d4, scale(d2, A2));
  const oddB = scale(sub(d3, scale(d1, A2)), B);
  v128.store(to + 3 * stepTo, add(evenB, oddB));
  v128.store(to + 4 * stepTo, sub(evenB, oddB));
  v128.store(to + 5 * stepTo, add(sub(scale(d1, A2 * B2), scale(d3, A2 + B2)), d5));
}

/** Transforms one tile; exported, so that V8 compiles it anew before the first call has ended. */
export function inputTile(
  x: usize,
  stepY: usize,
  c: usize,
  v: usize,
  plane: usize,
  scratch: usize,
): void {
  for (let i: usize = 0; i < c; i += 4) {
    const from = x + i * 4;
    for (let column: usize = 0; column < 6; column++) {
      inline.always(transform(from + column * c * 4, stepY, scratch + 16 * column, 96));
    }
    const to = v + (i >> 4) * 256 + (i & 15) * 4;
    for (let row: usize = 0; row < 6; row++) {
      inline.always(transform(scratch + 96 * row, 16, to + 6 * row * plane, plane));
    }
  }
}

/** Copies a tile to `patch`, with zeros where it lies outside the image. */
function cutTile(
  x: usize,
  h: isize,
  w: isize,
  c: usize,
  top: isize,
  left: isize,
  patch: usize,
): void {
  const size = c * 4;
  for (let i = top; i < top + 6; i++) {
    for (let j = left; j < left + 6; j++) {
      if (i >= 0 && i < h && j >= 0 && j < w) memory.copy(patch, x + usize(i * w + j) * size, size);
      else memory.fill(patch, 0, size);
      patch += size;
    }
  }
}

/**
 * Transforms tiles [first, first + count) of a batch of images; a tile's index is
 * ((image * tilesY) + row) * tilesX + column.
 */
export function inputTiles(
  x: usize,
  h: isize,
  w: isize,
  c: usize,
  top: isize,
  left: isize,
  tilesY: usize,
  tilesX: usize,
  first: usize,
  count: usize,
  v: usize,
  plane: usize,
  patch: usize,
  scratch: usize,
): void {
  const pixel = c * 4;
  for (let t: usize = 0; t < count; t++) {
    const column = (first + t) % tilesX;
    const row = (first + t) / tilesX;
    const i = isize(row % tilesY) * 4 - top;
    const j = isize(column) * 4 - left;
    const image = x + (row / tilesY) * usize(h * w) * pixel;
    const to = v + (t >> 2) * c * 16 + (t & 3) * 64;
    if (i >= 0 && j >= 0 && i + 6 <= h && j + 6 <= w) {
      inputTile(image + usize(i * w + j) * pixel, usize(w) * pixel, c, to, plane, scratch);
    } else {
      cutTile(image, h, w, c, i, j, patch);
      inputTile(patch, 6 * pixel, c, to, plane, scratch);
    }
  }
}
