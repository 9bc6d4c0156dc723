/**
 * The output's part of F(4x4, 3x3): 36 planes of products to tiles of 4 x 4 pixels.
 *
 * Letters: h x w pixels, d channels. M, the products, is [plane][tile / 4][d / 8][4 tiles][8].
 */
import { clamp, storeChannels } from '../vector';
import { A, A2, add, B, B2, scale, sub } from './points';

/** Transforms six values to four. */
function transform(from: usize, step: usize, to: usize, stepTo: usize): void {
  const m1 = v128.load(from + step);
  const m2 = v128.load(from + 2 * step);
  const m3 = v128.load(from + 3 * step);
  const m4 = v128.load(from + 4 * step);
  const evenA = add(m1, m2);
  const oddA = sub(m1, m2);
  const evenB = add(m3, m4);
  const oddB = sub(m3, m4);
  v128.store(to, add(add(v128.load(from), evenA), evenB));
  v128.store(to + stepTo, add(scale(oddA, A), scale(oddB, B)));
  v128.store(to + 2 * stepTo, add(scale(evenA, A2), scale(evenB, B2)));
  const third = add(scale(oddA, A * A2), scale(oddB, B * B2));
  v128.store(to + 3 * stepTo, add(third, v128.load(from + 5 * step)));
}

/** Transforms 4 channels of one tile to [4][4] pixels at `to`. */
export function outputVector(m: usize, plane: usize, to: usize, scratch: usize): void {
  for (let column: usize = 0; column < 6; column++) {
    inline.always(transform(m + column * plane, 6 * plane, scratch + 16 * column, 96));
  }
  for (let row: usize = 0; row < 4; row++) {
    inline.always(transform(scratch + 96 * row, 16, to + 64 * row, 16));
  }
}

/** Stores up to 4 channels of up to 4 x 4 pixels, with bias and activation. */
function placeVector(
  from: usize,
  y: usize,
  stepY: usize,
  stepX: usize,
  rows: usize,
  columns: usize,
  channels: usize,
  bias: v128,
  least: v128,
  most: v128,
): void {
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < columns; j++) {
      const value = add(v128.load(from + 64 * i + 16 * j), bias);
      storeChannels(y + i * stepY + j * stepX, clamp(value, least, most), channels);
    }
  }
}

/**
 * Transforms tiles [first, first + count), output channels [firstD, firstD + countD).
 * @param bias address of the bias of these channels, padded to a multiple of 8
 * @param limits address of the activation's least and greatest value
 */
export function outputTiles(
  m: usize,
  plane: usize,
  y: usize,
  h: usize,
  w: usize,
  d: usize,
  firstD: usize,
  countD: usize,
  tilesY: usize,
  tilesX: usize,
  first: usize,
  count: usize,
  bias: usize,
  limits: usize,
  scratch: usize,
): void {
  const pixel = d * 4;
  const stepTile = ((countD + 7) >> 3) * 128;
  const least = v128.load32_splat(limits);
  const most = v128.load32_splat(limits, 4);
  for (let t: usize = 0; t < count; t++) {
    const column = ((first + t) % tilesX) * 4;
    const tileRow = (first + t) / tilesX;
    const row = (tileRow % tilesY) * 4;
    const from = m + (t >> 2) * stepTile + (t & 3) * 32;
    const to = y + (((tileRow / tilesY) * h + row) * w + column) * pixel + firstD * 4;
    for (let i: usize = 0; i < countD; i += 4) {
      outputVector(from + (i >> 3) * 128 + (i & 4) * 4, plane, scratch + 384, scratch);
      placeVector(
        scratch + 384,
        to + i * 4,
        w * pixel,
        pixel,
        min<usize>(4, h - row),
        min<usize>(4, w - column),
        min<usize>(4, countD - i),
        v128.load(bias + i * 4),
        least,
        most,
      );
    }
  }
}
