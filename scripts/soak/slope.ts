/** The median of the slopes of all pairs (Theil and Sen): a few spikes do not move it. */
import { median } from '../statistics.js';

export function robustSlope(xs: readonly number[], ys: readonly number[]): number {
  const slopes: number[] = [];
  for (let i = 0; i < xs.length; i++)
    for (let j = 0; j < i; j++)
      if (xs[i] !== xs[j]) slopes.push((ys[i]! - ys[j]!) / (xs[i]! - xs[j]!));
  return slopes.length === 0 ? 0 : median(slopes);
}
