/**
 * The two samples of an antithetic pair depend on each other, but the pairs do not: their averages
 * are what a standard error is taken of.
 *
 * Letters: s samples in a chunk, n images.
 */
import { abs, concat, fill, keep, reshape, slice, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { meanOver, rootMeanSquare } from './rootMeanSquare.js';
import { RunningStatistic } from './statistic.js';
import type { Statistic } from './statistic.js';

export class PairAverages {
  readonly averages: RunningStatistic;
  /** The first sample of a pair whose second one is still to come, [1, n, ...]. */
  private single: Tensor | undefined;

  constructor(private readonly statistic: Statistic) {
    this.averages = new RunningStatistic(statistic === 'meanSquare' ? statistic : 'mean', true);
  }

  /** Adds a chunk [s, n, ...]. Call it inside a tidy. */
  add(chunk: Tensor): void {
    const before = this.single;
    const samples = before === undefined ? chunk : concat([before, chunk]);
    const [count = 0, ...shape] = samples.shape;
    const pairs = Math.floor(count / 2);
    if (pairs > 0) {
      this.averages.add(this.average(reshape(slice(samples, 0, 2 * pairs), [pairs, 2, ...shape])));
    }
    this.single = count % 2 === 1 ? keep(slice(samples, count - 1, 1)) : undefined;
    before?.dispose();
  }

  /** Averages pairs, [pairs, 2, n, ...] -> [pairs, n, ...]; of 'meanSquare', to the roots. */
  private average(pairs: Tensor): Tensor {
    if (this.statistic === 'meanSquare') return rootMeanSquare(pairs, 1);
    return meanOver(this.statistic === 'meanAbs' ? abs(pairs) : pairs, 1);
  }

  /**
   * Computes the standard error of the mean, [n, ...], by the complete pairs.
   *
   * It is infinite for less than two. The caller owns it.
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
