/** The uncertainty of a mean over photos. */
import { meanOf } from '../metric/correlation.js';
import { uniformNumbers } from '../random/uniform.js';

export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Estimates the mean of numbers with its 95 % interval, by the bootstrap: quantiles of the means of
 * as many numbers drawn with replacement.
 */
export function bootstrapMean(values: readonly number[], seed = 0, draws = 1000): Interval {
  const uniform = uniformNumbers(seed);
  const pick = (): number => values[Math.floor(uniform() * values.length)]!;
  const means = Float64Array.from({ length: draws }, () => meanOf(values.map(pick))).sort();
  const quantile = (part: number): number => means[Math.round(part * (draws - 1))]!;
  return { mean: meanOf(values), low: quantile(0.025), high: quantile(0.975) };
}
