/**
 * Running statistics of a sample's attributions; memory does not grow with the number of samples.
 *
 * Letters: s samples in a chunk, n images.
 */
import { abs, add, div, keep, mul, square, sub, sum, tidy, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

export const STATISTICS = ['mean', 'meanAbs', 'meanSquare', 'variance'] as const;

/**
 * - `'mean'`: SmoothGrad, E[g]
 * - `'meanAbs'`: E|g|
 * - `'meanSquare'`: SmoothGrad-squared, E[g^2]
 * - `'variance'`: VarGrad, E[g^2] - E[g]^2 (divided by the number of samples, not by one less)
 */
export type Statistic = (typeof STATISTICS)[number];

const TRANSFORM: Record<Statistic, (g: Tensor) => Tensor> = {
  mean: (g) => g,
  meanAbs: abs,
  meanSquare: square,
  variance: (g) => g,
};

export class RunningStatistic {
  private count = 0;
  private mean: Tensor | undefined;
  /** The sum of squared deviations from the mean, for the variance. */
  private squares: Tensor | undefined;

  constructor(private readonly statistic: Statistic) {}

  get samples(): number {
    return this.count;
  }

  /** Adds a chunk [s, n, ...]. */
  add(chunk: Tensor): void {
    const samples = chunk.shape[0]!;
    const count = this.count + samples;
    const [mean, squares] = tidy(() => {
      const values = TRANSFORM[this.statistic](chunk);
      const before = this.mean ?? zeros(chunk.shape.slice(1));
      const deviations = sub(values, before);
      const after = add(before, div(sum(deviations, 0), count));
      if (this.statistic !== 'variance') return [after];
      // Welford's update, exact for a chunk too: sum of (v - old mean)(v - new mean).
      const spread = sum(mul(deviations, sub(values, after)), 0);
      return [after, this.squares === undefined ? spread : add(this.squares, spread)];
    });
    this.dispose();
    this.count = count;
    this.mean = keep(mean!);
    this.squares = squares && keep(squares);
  }

  /** The statistic of what was added so far, [n, ...]; the caller owns it. */
  value(): Tensor {
    return this.squares === undefined ? mul(this.mean!, 1) : div(this.squares, this.count);
  }

  dispose(): void {
    this.mean?.dispose();
    this.squares?.dispose();
    this.mean = undefined;
    this.squares = undefined;
    this.count = 0;
  }
}
