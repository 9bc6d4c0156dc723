/**
 * Running statistics over the attributions of samples; memory does not grow with the number of
 * samples.
 *
 * Letters: s samples in a chunk, n images.
 */
import { abs, add, div, keep, mul, square, sqrt, sub, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

export const STATISTICS = ['mean', 'meanAbs', 'meanSquare', 'variance'] as const;

/**
 * - `'mean'`: SmoothGrad, E[g]
 * - `'meanAbs'`: E|g|
 * - `'meanSquare'`: SmoothGrad-squared, E[g^2]
 * - `'variance'`: VarGrad, E[g^2] - E[g]^2 (divided by the number of samples, not by one less)
 */
export type Statistic = (typeof STATISTICS)[number];

/** What the statistic is the mean (or variance) of. */
export const TRANSFORM: Record<Statistic, (g: Tensor) => Tensor> = {
  mean: (g) => g,
  meanAbs: abs,
  meanSquare: square,
  variance: (g) => g,
};

/** What is known of a set of samples, as numbers, row after row; of none, there are no numbers. */
export interface MomentsData {
  readonly count: number;
  readonly mean: Float32Array;
  readonly squares: Float32Array | undefined;
}

/** What is known of a set of samples. */
class Moments {
  constructor(
    readonly count: number,
    readonly mean: Tensor,
    /** The sum of squared deviations from the mean, where it is asked for. */
    readonly squares: Tensor | undefined,
  ) {}

  static of(chunk: Tensor, withSquares: boolean): Moments {
    const count = chunk.shape[0]!;
    const mean = div(sum(chunk, 0), count);
    return new Moments(count, mean, withSquares ? sum(square(sub(chunk, mean)), 0) : undefined);
  }

  /** Chan's formula, exact for any two sets of samples. */
  merge(other: Moments): Moments {
    const count = this.count + other.count;
    const difference = sub(other.mean, this.mean);
    const mean = add(this.mean, mul(difference, other.count / count));
    if (this.squares === undefined || other.squares === undefined)
      return new Moments(count, mean, undefined);
    const between = mul(square(difference), (this.count * other.count) / count);
    return new Moments(count, mean, add(add(this.squares, other.squares), between));
  }

  keep(): this {
    keep(this.mean);
    if (this.squares !== undefined) keep(this.squares);
    return this;
  }

  dispose(): void {
    this.mean.dispose();
    this.squares?.dispose();
  }
}

export class RunningStatistic {
  private moments: Moments | undefined;

  /** @param withError whether `standardError` will be asked for */
  constructor(
    private readonly statistic: Statistic,
    private readonly withError: boolean,
  ) {}

  get count(): number {
    return this.moments?.count ?? 0;
  }

  /** Adds a chunk [s, n, ...]. Call it inside a tidy. */
  add(chunk: Tensor): void {
    const before = this.moments;
    const added = Moments.of(
      TRANSFORM[this.statistic](chunk),
      this.statistic === 'variance' || this.withError,
    );
    this.moments = (before === undefined ? added : before.merge(added)).keep();
    before?.dispose();
  }

  /**
   * The statistic of these samples and of those of `other`, [n, ...]; the caller owns it. There is
   * at least one.
   */
  value(other?: RunningStatistic): Tensor {
    return tidy(() => {
      const { count, mean, squares } = this.with(other);
      return this.statistic === 'variance' ? div(squares!, count) : mul(mean, 1);
    });
  }

  /** The standard error of the mean; infinite for one sample. The caller owns it. */
  standardError(other?: RunningStatistic): Tensor {
    return tidy(() => {
      const { count, squares } = this.with(other);
      return sqrt(count === 1 ? add(squares!, Infinity) : div(squares!, count * (count - 1)));
    });
  }

  private with(other: RunningStatistic | undefined): Moments {
    if (other?.moments === undefined) return this.moments!;
    return this.moments?.merge(other.moments) ?? other.moments;
  }

  /** Copies, because the cpu backend gives what it computes with. */
  async data(): Promise<MomentsData> {
    if (this.moments === undefined)
      return { count: 0, mean: new Float32Array(), squares: undefined };
    const { count, mean, squares } = this.moments;
    const read = async (tensor: Tensor): Promise<Float32Array> =>
      (await tensor.data<'float32'>()).slice();
    return { count, mean: await read(mean), squares: squares && (await read(squares)) };
  }

  dispose(): void {
    this.moments?.dispose();
    this.moments = undefined;
  }
}
