/** Aggregates the channels of plain numbers. */
import type { Step } from './channelMethods.js';

type Change = 'Abs' | 'Neg' | 'Relu';

const CHANGES: Record<Change, (value: number) => number> = {
  Abs: Math.abs,
  Neg: (value) => -value,
  Relu: (value) => Math.max(0, value),
};

const REDUCTIONS: Record<Exclude<Step, Change>, (channels: Float64Array) => number> = {
  Max: (channels) => channels.reduce((greatest, value) => Math.max(greatest, value)),
  Sum: (channels) => channels.reduce((total, value) => total + value),
  Mean: (channels) => channels.reduce((total, value) => total + value) / channels.length,
  // In double precision, no square of what float32 holds is too large or too small.
  Norm: (channels) => Math.sqrt(channels.reduce((total, value) => total + value * value, 0)),
};

/**
 * Applies the steps to the channels of each pixel.
 * @param count channels of a pixel, whose values follow one another
 */
export function aggregateNumbers(
  values: ArrayLike<number>,
  count: number,
  steps: readonly Step[],
): Float32Array<ArrayBuffer> {
  const changes = steps.slice(0, -1).map((step) => CHANGES[step as Change]);
  const reduction = REDUCTIONS[steps.at(-1) as Exclude<Step, Change>];
  const channels = new Float64Array(count);
  return new Float32Array(values.length / count).map((_, pixel) => {
    for (let c = 0; c < count; c++) {
      let value = values[pixel * count + c]!;
      for (const change of changes) value = change(value);
      channels[c] = value;
    }
    return reduction(channels);
  });
}
