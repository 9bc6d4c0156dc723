/**
 * How far a running map has converged, by the statistics of its odd and of its even samples.
 *
 * Letters: s samples in a chunk, n images.
 */
import {
  abs,
  all,
  cast,
  div,
  gather,
  greater,
  isFinite,
  max,
  maximum,
  mean,
  min,
  mul,
  onesLike,
  reshape,
  sqrt,
  square,
  stack,
  sub,
  sum,
  tensor1d,
  tidy,
  where,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { PairAverages } from './pairs.js';
import { predictedCorrelation, reliabilitiesOf } from './predictedCorrelation.js';
import type { Halves } from './shownReliability.js';
import { hasHalfFloats, RunningStatistic } from './statistic.js';
import type { MomentsData, Statistic } from './statistic.js';

export class Convergence {
  private readonly halves: readonly [RunningStatistic, RunningStatistic];
  /** Of antithetic samples whose standard error is asked for. */
  private readonly pairs: PairAverages | undefined;

  constructor(statistic: Statistic, withError: boolean, antithetic: boolean) {
    const half = (): RunningStatistic => new RunningStatistic(statistic, withError && !antithetic);
    this.halves = [half(), half()];
    this.pairs = withError && antithetic ? new PairAverages(statistic) : undefined;
  }

  /**
   * Adds a chunk [s, n, ...].
   * @param halfOf the half that each of the s samples belongs to
   */
  add(chunk: Tensor, halfOf: readonly (0 | 1)[]): void {
    tidy(() => {
      this.pairs?.add(chunk);
      for (const half of [0, 1] as const) {
        const indices = [...halfOf.keys()].filter((i) => halfOf[i] === half);
        if (indices.length === 0) continue;
        this.halves[half].add(
          indices.length === halfOf.length ? chunk : gather(chunk, tensor1d(indices, 'int32')),
        );
      }
    });
  }

  /** Computes the statistic of all samples, [n, ...]; the caller owns it. */
  map(): Tensor {
    return this.halves[0].value(this.halves[1]);
  }

  /** Whether each half has a sample. */
  get hasHalves(): boolean {
    return this.halves.every(({ count }) => count > 0);
  }

  /** Reads the statistic of each half, with the number of its samples. */
  async halfMaps(): Promise<Pick<Halves, 'counts' | 'values'>> {
    const [a, b] = this.halves;
    return { counts: [a.count, b.count], values: [await a.numbers(), await b.numbers()] };
  }

  /** Tells by 1 or 0 whether the moments are finite, and whether the map is: [2]. */
  finite(): Tensor {
    return tidy(() => {
      const parts = this.halves.filter((half) => half.count > 0).map((half) => half.amplitude());
      const isFiniteEverywhere = (t: Tensor): Tensor => cast(all(isFinite(t)), 'float32');
      const amplitudes = parts.map(({ amplitude }) => isFiniteEverywhere(amplitude));
      return stack([min(stack(amplitudes)), isFiniteEverywhere(this.map())]);
    });
  }

  /** Computes the standard error of the mean, [n, ...]; the caller owns it. */
  standardError(): Tensor {
    return this.pairs?.standardError() ?? this.halves[0].standardError(this.halves[1]);
  }

  /**
   * Predicts the correlation of each image's map with its converged one, 0 to 1; 0 while a half has
   * no sample. Asynchronous, because a GPU has to finish its work first.
   */
  async reliability(images: number): Promise<number[]> {
    const [a, b] = this.halves;
    if (!this.hasHalves) return Array.from({ length: images }, () => 0);
    if (hasHalfFloats()) {
      const [first, second] = await Promise.all([a.numbers(), b.numbers()]);
      return reliabilitiesOf(first, second, images);
    }
    const moments = tidy(() => {
      const [first, second] = [a.amplitude(), b.amplitude()];
      const rows = (t: Tensor): Tensor => reshape(t, [images, -1]);
      return correlationParts(rows(first.amplitude), rows(second.amplitude), first.power);
    });
    try {
      const [covariance, deviations, distance] = chunksOf(await moments.data(), images);
      return Array.from({ length: images }, (_, i) => {
        return predictedCorrelation(covariance![i]!, deviations![i]!, distance![i]!);
      });
    } finally {
      moments.dispose();
    }
  }

  /** Reads the moments of each half, and of antithetic pairs if they are kept. */
  moments(): Promise<MomentsData[]> {
    const parts = [...this.halves, ...(this.pairs === undefined ? [] : [this.pairs.averages])];
    return Promise.all(parts.map((part) => part.data()));
  }

  /** Forgets and frees the samples so far. */
  dispose(): void {
    this.halves.forEach((half) => half.dispose());
    this.pairs?.dispose();
  }
}

/**
 * Computes covariance, product of deviations and squared distance of the rows of a and b, [3, n].
 *
 * The numbers are first raised to `power`. All three are without the factor 1 / size.
 */
function correlationParts(a: Tensor, b: Tensor, power: 1 | 2): Tensor {
  // Gradients may be as small as 1e-20, whose squares float32 does not hold.
  const largest = max(maximum(abs(a), abs(b)), 1, true);
  const scale = where(greater(largest, 0), largest, onesLike(largest));
  const [x, y] = [a, b].map((t) => (power === 2 ? square(div(t, scale)) : div(t, scale))) as [
    Tensor,
    Tensor,
  ];
  const centred = (t: Tensor): Tensor => sub(t, mean(t, 1, true));
  const [u, v] = [centred(x), centred(y)];
  return stack([
    sum(mul(u, v), 1),
    mul(sqrt(sum(square(u), 1)), sqrt(sum(square(v), 1))),
    sum(square(sub(x, y)), 1),
  ]);
}

function chunksOf(values: ArrayLike<number>, size: number): number[][] {
  const all = Array.from(values);
  return Array.from({ length: all.length / size }, (_, i) => all.slice(i * size, (i + 1) * size));
}
