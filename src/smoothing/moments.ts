/**
 * What is known of a set of samples, in the unit of the samples themselves: squares would over- and
 * underflow long before the samples do.
 *
 * Letters: s samples in a chunk, n images, N samples in all.
 */
import { add, div, mul, square, sub } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { hypot, meanOver, rootMeanSquare, unlessZero } from './rootMeanSquare.js';

export interface Moments {
  /** N */
  readonly count: number;
  /** [n, ...]: their centre. */
  readonly center: Tensor;
  /** [n, ...]: their spread, with any sign; undefined for 0, or if it is not needed. */
  readonly spread: Tensor | undefined;
}

/** How moments are made, merged and read. */
export interface MomentsKind {
  /** Computes the moments of a chunk [s, n, ...]. */
  of(chunk: Tensor, withSpread: boolean): Moments;
  /** Merges the moments of two sets of samples. */
  merge(a: Moments, b: Moments, withSpread: boolean): Moments;
  /** Computes the mean, [n, ...], from center, spread and the samples' `unit`. */
  mean(moments: Moments, unit: number): Tensor;
  /** Computes the standard deviation divided by `divisor`, with any sign; undefined for 0. */
  deviation(moments: Moments, unit: number, divisor: number): Tensor | undefined;
  /** Decodes [mean, standard deviation] of one number. */
  decode(center: number, spread: number, unit: number): readonly [number, number];
}

/** Of numbers: their mean and standard deviation. */
export const MOMENTS_OF_NUMBERS: MomentsKind = {
  of(chunk, withSpread) {
    const count = chunk.shape[0]!;
    const center = meanOver(chunk, 0);
    const isSpread = withSpread && count > 1;
    return { count, center, spread: isSpread ? rootMeanSquare(sub(chunk, center), 0) : undefined };
  },
  merge(a, b, withSpread) {
    const count = a.count + b.count;
    const difference = sub(b.center, a.center);
    const center = add(a.center, mul(difference, b.count / count));
    if (!withSpread) return { count, center, spread: undefined };
    const between = mul(difference, Math.sqrt(a.count * b.count) / count);
    return { count, center, spread: spreadOf(a, b, a.spread, b.spread, between) };
  },
  mean: ({ center }, unit) => mul(center, 1 / unit),
  deviation: ({ spread }, unit, divisor) => spread && mul(spread, 1 / unit / divisor),
  decode: (center, spread, unit) => [center / unit, spread / unit],
};

/**
 * Of the squares of numbers: the root of their mean, and their standard deviation in units of that
 * mean.
 */
export const MOMENTS_OF_SQUARES: MomentsKind = {
  of(chunk, withSpread) {
    const count = chunk.shape[0]!;
    const center = rootMeanSquare(chunk, 0);
    if (!withSpread || count === 1) return { count, center, spread: undefined };
    const relative = square(div(chunk, unlessZero(center)));
    return { count, center, spread: rootMeanSquare(sub(relative, 1), 0) };
  },
  merge(a, b, withSpread) {
    const count = a.count + b.count;
    const center = hypot(
      mul(a.center, Math.sqrt(a.count / count)),
      mul(b.center, Math.sqrt(b.count / count)),
    );
    if (!withSpread) return { count, center, spread: undefined };
    const divisor = unlessZero(center);
    const inUnits = ({ center: root }: Moments): Tensor => square(div(root, divisor));
    const [first, second] = [inUnits(a), inUnits(b)];
    const between = mul(sub(second, first), Math.sqrt(a.count * b.count) / count);
    const [before, added] = [a.spread && mul(a.spread, first), b.spread && mul(b.spread, second)];
    return { count, center, spread: spreadOf(a, b, before, added, between) };
  },
  mean: ({ center }, unit) => square(mul(center, 1 / unit)),
  // The spread times the squared center, multiplied so that no part is greater than the product.
  deviation({ center, spread }, unit, divisor) {
    const root = mul(center, 1 / unit);
    return spread && mul(mul(mul(spread, 1 / divisor), root), root);
  },
  decode: (center, spread, unit) => [(center / unit) ** 2, spread * (center / unit) ** 2],
};

/** Joins the spreads within two sets (undefined for 0) and the one between them. */
function spreadOf(
  { count: m }: Moments,
  { count: n }: Moments,
  first: Tensor | undefined,
  second: Tensor | undefined,
  between: Tensor,
): Tensor {
  const shares = [first && mul(first, Math.sqrt(m / (m + n)))];
  shares.push(second && mul(second, Math.sqrt(n / (m + n))));
  return shares.reduce<Tensor>((sum, share) => (share ? hypot(sum, share) : sum), between);
}
