/**
 * Running statistics over the attributions of samples; memory does not grow with the number of
 * samples.
 *
 * Letters: s samples in a chunk, n images.
 */
import { abs, engine, env, fill, keep, mul, square, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { MOMENTS_OF_NUMBERS, MOMENTS_OF_SQUARES } from './moments.js';
import type { Moments, MomentsKind } from './moments.js';

export const STATISTICS = ['mean', 'meanAbs', 'meanSquare', 'variance'] as const;

/**
 * - `'mean'`: SmoothGrad, E[g]
 * - `'meanAbs'`: E|g|
 * - `'meanSquare'`: SmoothGrad-squared, E[g^2]
 * - `'variance'`: VarGrad, E[g^2] - E[g]^2 (divided by the number of samples, not by one less)
 */
export type Statistic = (typeof STATISTICS)[number];

/** The moments of a set of samples, as numbers, row after row; empty for no samples. */
export interface MomentsData {
  readonly count: number;
  /** The mean of what the statistic averages: of 'meanSquare', of the squares. */
  readonly mean: Float64Array<ArrayBuffer>;
  /** The sum of squared deviations from the mean, where it is asked for. */
  readonly squares: Float64Array<ArrayBuffer> | undefined;
}

/**
 * Tells whether tensors are half floats (WebGL on most phones), which hold 6e-8 to 65504.
 *
 * If so, statistics are computed from their moments on the host, in float32.
 */
export const hasHalfFloats = (): boolean =>
  engine().backendName === 'webgl' && !env().getBool('WEBGL_RENDER_FLOAT32_ENABLED');

/** Tells whether a statistic is of the size of squares, which may overflow in float32. */
export const isSquared = (statistic: Statistic): boolean =>
  statistic === 'meanSquare' || statistic === 'variance';

export class RunningStatistic {
  private moments: Moments | undefined;
  private readonly kind: MomentsKind;
  private readonly withSpread: boolean;
  /** Half, so that no difference of two samples overflows; the least half floats have none. */
  private readonly unit = hasHalfFloats() ? 1 : 0.5;

  /** @param withError whether `standardError` will be asked for */
  constructor(
    private readonly statistic: Statistic,
    withError: boolean,
  ) {
    this.kind = statistic === 'meanSquare' ? MOMENTS_OF_SQUARES : MOMENTS_OF_NUMBERS;
    this.withSpread = withError || statistic === 'variance';
  }

  get count(): number {
    return this.moments?.count ?? 0;
  }

  /** Adds a chunk [s, n, ...]. Call it inside a tidy. */
  add(chunk: Tensor): void {
    const before = this.moments;
    const values = this.statistic === 'meanAbs' ? abs(chunk) : chunk;
    const added = this.kind.of(mul(values, this.unit), this.withSpread);
    this.moments = this.merged(before, added);
    keep(this.moments.center);
    if (this.moments.spread !== undefined) keep(this.moments.spread);
    disposeMoments(before);
  }

  /**
   * Computes the statistic of these samples and of those of `other`, [n, ...].
   *
   * There is at least one. The caller owns the result.
   */
  value(other?: RunningStatistic): Tensor {
    return tidy(() => {
      const moments = this.with(other);
      const isVariance = this.statistic === 'variance';
      if (hasHalfFloats())
        return this.onHost(moments, (mean, deviation) => (isVariance ? deviation ** 2 : mean));
      if (!isVariance) return this.kind.mean(moments, this.unit);
      const deviation = this.kind.deviation(moments, this.unit, 1);
      return deviation === undefined ? mul(moments.center, 0) : square(deviation);
    });
  }

  /** Computes the standard error of the mean; infinite for one sample. The caller owns it. */
  standardError(other?: RunningStatistic): Tensor {
    return tidy(() => {
      const moments = this.with(other);
      const { count, center } = moments;
      if (count === 1) return fill(center.shape, Infinity);
      const divisor = Math.sqrt(count - 1);
      if (hasHalfFloats()) return this.onHost(moments, (_, deviation) => deviation / divisor);
      return abs(this.kind.deviation(moments, this.unit, divisor)!);
    });
  }

  /**
   * Computes what the statistic is the first or second power of, in some unit.
   *
   * It is as great as the samples, which no backend over- or underflows at. Call it inside a tidy.
   */
  amplitude(): { amplitude: Tensor; power: 1 | 2 } {
    const { center, spread } = this.moments!;
    const amplitude = this.statistic === 'variance' ? (spread ?? mul(center, 0)) : center;
    return { amplitude, power: isSquared(this.statistic) ? 2 : 1 };
  }

  private with(other: RunningStatistic | undefined): Moments {
    return this.merged(this.moments, other?.moments);
  }

  private merged(first: Moments | undefined, second: Moments | undefined): Moments {
    if (first === undefined || second === undefined) return (first ?? second)!;
    return this.kind.merge(first, second, this.withSpread);
  }

  private onHost(
    { center, spread }: Moments,
    result: (mean: number, deviation: number) => number,
  ): Tensor {
    const spreads = spread?.dataSync();
    const values = Float32Array.from(center.dataSync(), (middle, i) =>
      result(...this.kind.decode(middle, Math.abs(spreads?.[i] ?? 0), this.unit)),
    );
    return tensor(values, center.shape);
  }

  /** The statistic in double precision, row after row. There is at least one sample. */
  async numbers(): Promise<Float64Array> {
    const { count, mean, squares } = await this.data();
    return this.statistic === 'variance' ? squares!.map((sum) => sum / count) : mean;
  }

  async data(): Promise<MomentsData> {
    if (this.moments === undefined)
      return { count: 0, mean: new Float64Array(), squares: undefined };
    const { count, center, spread } = this.moments;
    const [centers, spreads] = [await center.data(), await spread?.data()];
    const mean = new Float64Array(center.size);
    const squares = this.withSpread ? new Float64Array(center.size) : undefined;
    for (let i = 0; i < mean.length; i++) {
      const [middle, deviation] = this.kind.decode(centers[i]!, spreads?.[i] ?? 0, this.unit);
      mean[i] = middle;
      if (squares !== undefined) squares[i] = count * deviation ** 2;
    }
    return { count, mean, squares };
  }

  dispose(): void {
    disposeMoments(this.moments);
    this.moments = undefined;
  }
}

function disposeMoments(moments: Moments | undefined): void {
  moments?.center.dispose();
  moments?.spread?.dispose();
}
