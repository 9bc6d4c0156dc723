/** Aggregates the channels of plain numbers. */
import type { Step } from './channelMethods.js';

const RUN: Record<Step, (channels: number[]) => number[]> = {
  Abs: (channels) => channels.map(Math.abs),
  Neg: (channels) => channels.map((value) => -value),
  Relu: (channels) => channels.map((value) => Math.max(0, value)),
  Max: (channels) => [Math.max(...channels)],
  Sum: (channels) => [sum(channels)],
  Mean: (channels) => [sum(channels) / channels.length],
  Norm: (channels) => [Math.hypot(...channels)],
};

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

/**
 * Applies the steps to the channels of each pixel.
 * @param count channels of a pixel, whose values follow one another
 */
export function aggregateNumbers(
  values: ArrayLike<number>,
  count: number,
  steps: readonly Step[],
): Float32Array<ArrayBuffer> {
  return new Float32Array(values.length / count).map((_, pixel) => {
    const channels = Array.from({ length: count }, (__, c) => values[pixel * count + c]!);
    return steps.reduce((before, step) => RUN[step](before), channels)[0]!;
  });
}
