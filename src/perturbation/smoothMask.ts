import { uniformNumbers } from '../random/uniform.js';

export interface SmoothMask {
  /** The number of cells along each axis. */
  readonly cells: number;
  /** The probability that a cell is kept. */
  readonly keep: number;
  readonly seed: number;
  readonly sample: number;
}

/**
 * Draws a mask of RISE: a grid of cells that are 1 or 0, enlarged linearly by one cell too much, of
 * which a part at random is taken.
 *
 * Each place is kept with the probability of a cell, on average.
 * @param shape the lengths of the axes
 * @returns row by row, from 0 to 1
 */
export function smoothMask(
  shape: readonly number[],
  { cells, keep, seed, sample }: SmoothMask,
): Float32Array {
  const random = uniformNumbers(seed, sample);
  const counts = shape.map((length) => Math.min(cells, length));
  const size = counts.reduce((product, count) => product * count, 1);
  let values = Float32Array.from({ length: size }, () => (random() < keep ? 1 : 0));
  let before = 1;
  let after = size;
  shape.forEach((length, axis) => {
    const count = counts[axis]!;
    after /= count;
    const cell = Math.ceil(length / count);
    const shift = Math.floor(random() * cell);
    values = enlarged(values, { before, count, after, length, cell, shift });
    before *= length;
  });
  return values;
}

/** Enlarges the axis of `count` cells in [before, count, after] to `length`, linearly. */
function enlarged(
  values: Float32Array,
  axis: Record<'before' | 'count' | 'after' | 'length' | 'cell' | 'shift', number>,
): Float32Array<ArrayBuffer> {
  const { before, count, after, length, cell, shift } = axis;
  const result = new Float32Array(before * length * after);
  for (let i = 0; i < length; i++) {
    // Half-pixel centres: `count` cells over `count + 1` cells' lengths.
    const at = ((i + shift + 0.5) * count) / ((count + 1) * cell) - 0.5;
    const low = Math.min(count - 1, Math.max(0, Math.floor(at)));
    const high = Math.min(count - 1, Math.max(0, Math.floor(at) + 1));
    const share = at - Math.floor(at);
    for (let outer = 0; outer < before; outer++) {
      const from = outer * count * after;
      const to = (outer * length + i) * after;
      for (let inner = 0; inner < after; inner++)
        result[to + inner] =
          (1 - share) * values[from + low * after + inner]! +
          share * values[from + high * after + inner]!;
    }
  }
  return result;
}
