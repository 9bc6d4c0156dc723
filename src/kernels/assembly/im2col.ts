/**
 * Any convolution as a product of matrices: for each output pixel a row of the pixels under its
 * filter, tap by tap. The order of the sums is XNNPACK's, and so are the results.
 *
 * Letters: n images, h x w pixels of c channels in; a grid of outputs gh x gw with d channels;
 * k = taps c, rounded up to 16. A tap in the table is three i32: the offset of its row and column
 * from the grid's pixel, and its index in the filter.
 */
import { BLOCK, filterBlock } from './filterBlock';
import { storeChannels } from './vector';

const TAP: usize = 12;

/**
 * Gathers rows [first, first + count) of all grid pixels to [row / 4][k / 16][4][16], zeros where a
 * tap lies outside the image.
 * @param run how many taps each follow one another in a line of the image
 * @param scratch for one row
 */
export function packRows(
  x: usize,
  h: isize,
  w: isize,
  c: usize,
  gh: usize,
  gw: usize,
  strideY: isize,
  strideX: isize,
  taps: usize,
  tapCount: usize,
  run: usize,
  first: usize,
  count: usize,
  k: usize,
  to: usize,
  scratch: usize,
): void {
  const line = usize(w) * c * 4;
  memory.fill(scratch, 0, k * 4);
  for (let r: usize = 0; r < count; r++) {
    const gridLine = (first + r) / gw;
    const top = isize(gridLine % gh) * strideY;
    const left = isize((first + r) % gw) * strideX;
    const image = x + (gridLine / gh) * usize(h) * line;
    let at = scratch;
    for (let t: usize = 0; t < tapCount; t += run) {
      const i = top + load<i32>(taps + t * TAP);
      const j = left + load<i32>(taps + t * TAP, 4);
      if (i < 0 || i >= h) memory.fill(at, 0, run * c * 4);
      else copyRun(image + usize(i) * line, w, c, j, run, at);
      at += run * c * 4;
    }
    scatterRow(scratch, k, to + (r >> 2) * k * 16 + (r & 3) * 64);
  }
  memory.fill(scratch, 0, k * 4);
  for (let r = count; r & 3; r++) scatterRow(scratch, k, to + (r >> 2) * k * 16 + (r & 3) * 64);
}

/** Copies pixels [j, j + run) of a line, zeros beyond its ends. */
export function copyRun(line: usize, w: isize, c: usize, j: isize, run: usize, to: usize): void {
  if (j >= 0 && j + isize(run) <= w) {
    copyFloats(line + usize(j) * c * 4, run * c, to);
    return;
  }
  for (const end = j + isize(run); j < end; j++) {
    if (j < 0 || j >= w) memory.fill(to, 0, c * 4);
    else copyFloats(line + usize(j) * c * 4, c, to);
    to += c * 4;
  }
}

function copyFloats(from: usize, count: usize, to: usize): void {
  const end = from + count * 4;
  for (const last = from + (count & ~3) * 4; from < last; from += 16) {
    v128.store(to, v128.load(from));
    to += 16;
  }
  for (; from < end; from += 4) {
    store<f32>(to, load<f32>(from));
    to += 4;
  }
}

/** Copies a row to its blocks of 16, 256 bytes apart. */
export function scatterRow(from: usize, k: usize, to: usize): void {
  for (const end = from + k * 4; from < end; from += 64) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
    to += 256;
  }
}

/**
 * Packs the taps of a filter to [d / 8][k][8].
 * @param transposed each tap's matrix is [d, c]
 */
export function packFilter(
  w: usize,
  c: usize,
  d: usize,
  transposed: bool,
  taps: usize,
  tapCount: usize,
  k: usize,
  to: usize,
  scratch: usize,
): void {
  for (let j: usize = 0; j < d; j += 8) {
    const column = to + j * k * 4;
    memory.fill(column + tapCount * c * 32, 0, (k - tapCount * c) * 32);
  }
  for (let t: usize = 0; t < tapCount; t++) {
    const tap = w + usize(load<u32>(taps + t * TAP, 8)) * c * d * 4;
    for (let j: usize = 0; j < d; j += BLOCK) {
      for (let i: usize = 0; i < c; i += BLOCK) {
        filterBlock(tap, c, d, i, j, transposed, scratch);
        const rows = min(BLOCK, c - i);
        const column = to + (j * k + (t * c + i) * 8) * 4;
        copyHalf(scratch, rows, column);
        if (j + 8 < d) copyHalf(scratch + 32, rows, column + k * 32);
      }
    }
  }
}

function copyHalf(from: usize, rows: usize, to: usize): void {
  for (const end = to + rows * 32; to < end; to += 32) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    from += 64;
  }
}

/**
 * Stores products [row / 4][d / 8][4][8] of grid pixels [first, first + count), each `strideY` rows
 * and `strideX` columns from the next, from (top, left) on in images of h x w.
 */
export function placeRows(
  m: usize,
  y: usize,
  h: usize,
  w: usize,
  d: usize,
  gh: usize,
  gw: usize,
  top: usize,
  left: usize,
  strideY: usize,
  strideX: usize,
  first: usize,
  count: usize,
): void {
  const group = ((d + 7) >> 3) * 128;
  for (let r: usize = 0; r < count; r++) {
    const line = (first + r) / gw;
    const i = top + (line % gh) * strideY;
    const j = left + ((first + r) % gw) * strideX;
    const pixel = y + (((line / gh) * h + i) * w + j) * d * 4;
    const from = m + (r >> 2) * group + (r & 3) * 32;
    for (let channel: usize = 0; channel < d; channel += 4) {
      const value = v128.load(from + (channel >> 3) * 128 + (channel & 4) * 4);
      storeChannels(pixel + channel * 4, value, min<usize>(4, d - channel));
    }
  }
}
