/**
 * One run of smoothing: a statistic around a gradient, chunk of samples by chunk, that synchronous
 * and asynchronous functions drive alike.
 *
 * Letters: s samples in a chunk, n images.
 */
import {
  add,
  dispose,
  keep,
  maximum,
  minimum,
  mul,
  reshape,
  scalar,
  square,
  stack,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { aggregateChannels } from '../../aggregation/aggregateChannels.js';
import { allAtOnce } from '../../model/passes.js';
import type { InPasses } from '../../model/passes.js';
import type { Subject } from '../arguments.js';
import { Convergence } from './convergence.js';
import { canReadNow, firstUnfinite, notFinite, sampleOf } from '../finite.js';
import type { Attribute } from '../method.js';
import { deviationOf, noiseOf } from './noise.js';
import { beyondFloat32 } from './overflow.js';
import { hasHalfFloats, isSquared } from './statistic.js';
import type { MomentsData } from './statistic.js';
import type { Smoothing } from './smoothingOptions.js';

export class SmoothingRun {
  private readonly deviation: Tensor;
  private readonly convergence: Convergence;
  /**
   * Which sample is the first with a number (or, for a map of squares, a square) that is not finite,
   * as `firstUnfinite` has it.
   */
  private firstUnfinite: Tensor;
  private done = 0;
  /** Whether the samples so far are only some of those of the map. */
  private isPart = false;
  /** The first sample whose square float32 does not hold, once the map is found not to be finite. */
  private overflow: number | undefined;

  /** The caller disposes the run; the subject stays the caller's. */
  constructor(
    private readonly caller: string,
    private readonly subject: Subject,
    private readonly attribute: Attribute,
    private readonly smoothing: Smoothing,
    withError = false,
  ) {
    const { noiseLevel, stdDev, preprocess, statistic, antithetic, perSampleArgmax } = smoothing;
    this.convergence = new Convergence(statistic, withError, antithetic);
    this.deviation = tidy(() => {
      // Before the model runs, because it may find the input wrong.
      const deviation = deviationOf(caller, subject.x, noiseLevel, stdDev, preprocess);
      if (!perSampleArgmax) subject.gradient.fixTarget(subject.x);
      return keep(deviation);
    });
    this.firstUnfinite = keep(scalar(0));
  }

  get samplesDone(): number {
    return this.done;
  }

  get samplesPerPass(): number {
    const { gradient, images } = this.subject;
    return Math.max(1, Math.floor(gradient.batchSize / images));
  }

  /**
   * Forgets the samples so far and goes on with number `sample`: a run may be one of several that
   * share the samples.
   */
  restart(sample: number): void {
    this.convergence.dispose();
    this.done = sample;
    this.isPart = true;
  }

  /**
   * Computes the next samples, as many as fit into one pass but not past `total`. One sample may
   * take several passes, of some of its images each, or of some of the steps of a path.
   */
  next(total: number): InPasses<undefined> {
    return this.subject.gradient.guarded(this.compute(total));
  }

  private *compute(total: number): InPasses<undefined> {
    const { antithetic } = this.smoothing;
    const count = Math.min(this.samplesPerPass, total - this.done);
    const samples = Array.from({ length: count }, (_, i) => this.done + i);
    // A pair is one observation: its two halves are not independent.
    const halfOf = samples.map(
      (sample) => ((antithetic ? Math.floor(sample / 2) : sample) % 2) as 0 | 1,
    );
    const rows = keep(tidy(() => this.noisyInputs(samples)));
    let each: Tensor[] = [];
    try {
      each = yield* this.attribute(this.subject, rows);
      const before = this.firstUnfinite;
      tidy(() => {
        const attributions = this.bySample(each, count);
        this.convergence.add(attributions, halfOf);
        const checked = this.isSquared ? square(attributions) : attributions;
        this.firstUnfinite = keep(maximum(before, firstUnfinite(checked, samples)));
      });
      before.dispose();
      this.done += count;
    } finally {
      dispose([rows, each]);
    }
    return undefined;
  }

  /** For each of the m explained classes, [s * n, ...] -> [s, m * n, ...]. */
  private bySample(each: readonly Tensor[], samples: number): Tensor {
    const { images, classes } = this.subject;
    const { aggregate } = this.smoothing;
    const maps =
      aggregate === undefined ? each : each.map((map) => aggregateChannels(map, aggregate));
    const shape = maps[0]!.shape.slice(1);
    const perSample = maps.map((map) => reshape(map, [samples, images, ...shape]));
    return reshape(stack(perSample, 1), [samples, classes * images, ...shape]);
  }

  /** [s * n, ...] */
  private noisyInputs(samples: readonly number[]): Tensor {
    const { x, images } = this.subject;
    const noisy = stack(samples.map((sample) => this.noisyInput(sample)));
    return reshape(noisy, [samples.length * images, ...x.shape.slice(1)]);
  }

  private noisyInput(sample: number): Tensor {
    const { clip, preprocess } = this.smoothing;
    const noise = noiseOf(this.caller, this.smoothing, this.subject.x.shape.slice(1), sample);
    const noisy = add(this.subject.x, mul(noise, this.deviation));
    if (!clip || preprocess === undefined) return noisy;
    const bound = (end: 0 | 1): Tensor => tensor(preprocess.range.map((range) => range[end]));
    return minimum(maximum(noisy, bound(0)), bound(1));
  }

  /**
   * The map so far, shaped as the caller gets it and owned by them.
   * @throws GradientError if the last check found that float32 does not hold it
   */
  map(): Tensor {
    if (this.overflow !== undefined) throw beyondFloat32(this.caller, this.overflow);
    return this.shaped(this.convergence.map());
  }

  /** The standard error of the map's numbers, as the map. */
  standardError(): Tensor {
    return this.shaped(this.convergence.standardError());
  }

  /**
   * What there is of the samples since the (re)start, to be merged with that of other runs of the
   * same seed.
   */
  moments(): Promise<MomentsData[]> {
    return this.convergence.moments();
  }

  private shaped(result: Tensor): Tensor {
    const { classes, images } = this.subject;
    try {
      return tidy(() =>
        this.subject.shaped(reshape(result, [classes, images, ...result.shape.slice(1)])),
      );
    } finally {
      result.dispose();
    }
  }

  /** The reliability, 0 to 1, of each image's map, class by class. */
  reliability(): Promise<number[]> {
    return this.convergence.reliability(this.subject.classes * this.subject.images);
  }

  /**
   * @throws GradientError if any sample so far had a number that is not finite, where that can be
   * read
   */
  checkFinite(): void {
    if (!canReadNow()) return;
    const first = sampleOf(this.firstUnfinite.dataSync()[0]!);
    if (first === Infinity) return;
    const finite = this.convergence.finite();
    this.refuse(first, finite.dataSync());
    finite.dispose();
  }

  /** As `checkFinite`, on every backend. */
  async checkFiniteLater(): Promise<void> {
    const first = sampleOf((await this.firstUnfinite.data())[0]!);
    if (first === Infinity) return;
    const finite = this.convergence.finite();
    this.refuse(first, await finite.data());
    finite.dispose();
  }

  /** @param finite whether what the map is made of is finite, and whether the map itself is */
  private refuse(first: number, finite: ArrayLike<number>): void {
    const [parts, map] = Array.from(finite);
    if (!this.isSquared || parts === 0) throw notFinite(this.caller, ` at sample ${first}`);
    this.overflow = map === 0 && !this.isPart ? first : undefined;
  }

  /** Half floats have smaller squares than float32 holds. */
  private get isSquared(): boolean {
    return isSquared(this.smoothing.statistic) && !hasHalfFloats();
  }

  dispose(): void {
    this.deviation.dispose();
    this.firstUnfinite.dispose();
    this.convergence.dispose();
  }
}

/** All samples at once, synchronously; the caller owns the map. */
export function smoothNow(
  caller: string,
  subject: Subject,
  attribute: Attribute,
  smoothing: Smoothing,
): Tensor {
  const run = new SmoothingRun(caller, subject, attribute, smoothing);
  try {
    while (run.samplesDone < smoothing.samples) allAtOnce(run.next(smoothing.samples));
    run.checkFinite();
    return run.map();
  } finally {
    run.dispose();
  }
}
