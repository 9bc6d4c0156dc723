/**
 * The two samples of an antithetic pair depend on each other, but the pairs do not: their averages
 * are what a standard error is taken of.
 *
 * Letters: s samples in a chunk, n images.
 */
import { concat, fill, keep, mean, reshape, slice, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { RunningStatistic, TRANSFORM } from './statistic.js';
import type { Statistic } from './statistic.js';

export class PairAverages {
  readonly averages = new RunningStatistic('mean', true);
  /** The first sample of a pair whose second one is still to come, [1, n, ...]. */
  private single: Tensor | undefined;

  constructor(private readonly statistic: Statistic) {}

  /** Adds a chunk [s, n, ...]. Call it inside a tidy. */
  add(chunk: Tensor): void {
    const before = this.single;
    const values = TRANSFORM[this.statistic](chunk);
    const samples = before === undefined ? values : concat([before, values]);
    const [count = 0, ...shape] = samples.shape;
    const pairs = Math.floor(count / 2);
    if (pairs > 0) {
      this.averages.add(mean(reshape(slice(samples, 0, 2 * pairs), [pairs, 2, ...shape]), 1));
    }
    this.single = count % 2 === 1 ? keep(slice(samples, count - 1, 1)) : undefined;
    before?.dispose();
  }

  /**
   * The standard error of the mean, [n, ...], by the complete pairs; infinite for less than two.
   * The caller owns it.
   */
  standardError(): Tensor {
    if (this.averages.count > 0) return this.averages.standardError();
    return tidy(() => fill(this.single!.shape.slice(1), Infinity));
  }

  dispose(): void {
    this.averages.dispose();
    this.single?.dispose();
    this.single = undefined;
  }
}
