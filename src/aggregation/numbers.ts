/** Aggregates the channels of plain numbers. */
import type { Step } from './channelMethods.js';

type Change = 'Abs' | 'Neg' | 'Relu';

const CHANGES: Record<Change, (value: number) => number> = {
  Abs: Math.abs,
  Neg: (value) => -value,
  Relu: (value) => Math.max(0, value),
};

const REDUCTIONS: Record<Exclude<Step, Change>, (channels: Float64Array) => number> = {
  Max: (channels) => channels.reduce((a, b) => Math.max(a, b)),
  Sum: sum,
  Mean: (channels) => sum(channels) / channels.length,
  // In double precision, no square of what float32 holds is too large or too small.
  Norm: (channels) => Math.sqrt(sum(channels.map((value) => value * value))),
};

function sum(channels: Float64Array): number {
  return channels.reduce((total, value) => total + value);
}

/**
 * Applies the steps to the channels of each pixel.
 * @param count channels of a pixel, whose values follow one another
 */
export function aggregateNumbers(
  values: ArrayLike<number>,
  count: number,
  steps: readonly Step[],
): Float32Array<ArrayBuffer> {
  const changed = steps
    .slice(0, -1)
    .reduce((all, step) => all.map(CHANGES[step as Change]), new Float64Array(values));
  const reduction = REDUCTIONS[steps.at(-1) as Exclude<Step, Change>];
  return new Float32Array(values.length / count).map((_, pixel) =>
    reduction(changed.subarray(pixel * count, (pixel + 1) * count)),
  );
}
