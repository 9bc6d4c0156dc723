/**
 * The filter's part of F(4x4, 3x3): nine taps to 36 planes.
 *
 * Letters: c channels in (a multiple of 16), d out. U, the result, is [plane][d / 8][c][8].
 */
import { filterBlock } from '../filterBlock';
import { A, A2, add, B, B2, scale, sub } from './points';

/** Bytes from one tap of a block to the next: not a power of two, which would share cache sets. */
const TAP: usize = 1088;

/** Transforms three values to six. */
function transform(g0: v128, g1: v128, g2: v128, to: usize, step: usize): void {
  const atA: f32 = 1 / (2 * A2 * (A2 - B2));
  const atB: f32 = 1 / (2 * B2 * (B2 - A2));
  v128.store(to, scale(g0, 1 / (A2 * B2)));
  const evenA = add(scale(g0, atA), scale(g2, A2 * atA));
  const oddA = scale(g1, A * atA);
  v128.store(to + step, add(evenA, oddA));
  v128.store(to + 2 * step, sub(evenA, oddA));
  const evenB = add(scale(g0, atB), scale(g2, B2 * atB));
  const oddB = scale(g1, B * atB);
  v128.store(to + 3 * step, add(evenB, oddB));
  v128.store(to + 4 * step, sub(evenB, oddB));
  v128.store(to + 5 * step, g2);
}

/** Transforms 4 output channels of one input channel. */
export function filterVector(taps: usize, u: usize, plane: usize, scratch: usize): void {
  for (let column: usize = 0; column < 3; column++) {
    const g = taps + column * TAP;
    inline.always(
      transform(
        v128.load(g),
        v128.load(g + 3 * TAP),
        v128.load(g + 6 * TAP),
        scratch + 16 * column,
        48,
      ),
    );
  }
  for (let row: usize = 0; row < 6; row++) {
    const g = scratch + 48 * row;
    inline.always(
      transform(v128.load(g), v128.load(g, 16), v128.load(g, 32), u + 6 * row * plane, plane),
    );
  }
}

/**
 * Transforms output channels [first, first + count) of a filter, `count` rounded up to 8.
 * @param transposed the filter is that of the forward pass, [3, 3, d, c]: flipped and with its
 * channels swapped, it convolves the gradient with respect to the output
 */
export function filterPlanes(
  w: usize,
  c: usize,
  d: usize,
  transposed: bool,
  first: usize,
  count: usize,
  u: usize,
  plane: usize,
  scratch: usize,
): void {
  const taps = scratch + 512;
  for (let j: usize = 0; j < count; j += 16) {
    for (let i: usize = 0; i < c; i += 16) {
      for (let tap: usize = 0; tap < 9; tap++) {
        const to = taps + (transposed ? 8 - tap : tap) * TAP;
        filterBlock(w + tap * c * d * 4, c, d, i, first + j, transposed, to);
      }
      for (let jj: usize = 0; jj < 16 && j + jj < count; jj += 4) {
        const to = u + (((j + jj) >> 3) * c + i) * 32 + (jj & 4) * 4;
        for (let ii: usize = 0; ii < 16; ii++) {
          filterVector(taps + ii * 64 + jj * 4, to + ii * 32, plane, scratch);
        }
      }
    }
  }
}
