/**
 * The samples of one run, computed in this thread: a statistic around a method, chunk of samples by
 * chunk, that synchronous and asynchronous functions drive alike.
 *
 * Letters: s samples in a chunk, n images, m explained classes per image.
 */
import {
  add,
  dispose,
  expandDims,
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
import { aggregateChannels } from '../aggregation/aggregateChannels.js';
import type { Context } from '../method/context.js';
import type { Method } from '../method/defineMethod.js';
import { canReadSync, firstNonFinite, nonFiniteError, sampleOf } from '../method/nonFinite.js';
import { runAsync, runSync } from '../run/task.js';
import type { Task } from '../run/task.js';
import type { ClassIndex } from '../score/classIndex.js';
import { Convergence } from './convergence.js';
import { deviationOf, NoiseSampler } from './noise.js';
import { beyondFloat32 } from './overflow.js';
import type { Samples } from './samples.js';
import { shownReliabilities } from './shownReliability.js';
import type { Smoothing } from './smoothingOptions.js';
import { hasHalfFloats, isSquared } from './statistic.js';
import type { MomentsData } from './statistic.js';
import { shownOfTensors } from './tensorView.js';
import type { View } from './view.js';

export interface LocalSamplesOptions {
  readonly method: Method;
  /** The method's options, checked. */
  readonly options: object;
  readonly smoothing: Smoothing;
  readonly standardError: boolean;
}

export class LocalSamples implements Samples<Tensor> {
  readonly start = performance.now();
  private readonly noise: NoiseSampler;
  private readonly deviation: Tensor;
  private readonly convergence: Convergence;
  /**
   * Which sample is the first with a number (or, for a map of squares, a square) that is not
   * finite, as `firstNonFinite` has it.
   */
  private firstNonFinite: Tensor;
  /** Whether the samples so far are only some of those of the map. */
  private isPart = false;
  /**
   * The first sample whose square float32 does not hold, once the map is found not to be finite.
   */
  private overflow: number | undefined;
  private samplesDone = 0;
  private isDisposed = false;

  /** @param context disposed with the samples */
  constructor(
    readonly context: Context,
    private readonly run: LocalSamplesOptions,
  ) {
    const { noiseLevel, stdDev, statistic, antithetic, perSampleArgmax } = run.smoothing;
    context.argmaxPerRow = perSampleArgmax;
    this.noise = new NoiseSampler(run.smoothing, context.input.shape.slice(1));
    this.deviation = keep(deviationOf(context.input, noiseLevel, stdDev, context.preprocess));
    this.convergence = new Convergence(statistic, run.standardError, antithetic);
    this.firstNonFinite = keep(scalar(0));
  }

  get done(): number {
    return this.samplesDone;
  }

  get samplesPerPass(): number {
    return Math.max(1, Math.floor(this.context.rowsPerPass / this.context.images));
  }

  /**
   * Forgets the samples so far and goes on with number `sample`, for runs shared between workers.
   */
  restart(sample: number): void {
    this.convergence.dispose();
    this.samplesDone = sample;
    this.isPart = true;
  }

  async advance(count: number, check: () => void): Promise<void> {
    if (this.run.method.options === undefined) {
      // A custom function gets the classes as numbers.
      await runAsync(this.context.guarded(this.context.resolveArgmax()), check);
      await this.context.readPredicted();
    }
    await runAsync(this.next(count), check);
    const first = sampleOf((await this.firstNonFinite.data())[0]!);
    if (first === Infinity) return;
    const finite = this.convergence.finite();
    this.refuse(first, await finite.data());
    finite.dispose();
  }

  /** Computes all samples at once; the caller owns the map. */
  mapSync(): Tensor {
    const { samples } = this.run.smoothing;
    while (this.done < samples) runSync(this.next(samples));
    if (canReadSync()) this.checkFiniteSync();
    return this.map();
  }

  private checkFiniteSync(): void {
    const first = sampleOf(this.firstNonFinite.dataSync()[0]!);
    if (first === Infinity) return;
    const finite = this.convergence.finite();
    this.refuse(first, finite.dataSync());
    finite.dispose();
  }

  /**
   * Computes the samples of one pass, but not past `count`. One sample may take several passes of
   * the model, of some of its images each, or of some of the steps of a path.
   */
  private next(count: number): Task<void> {
    return this.context.guarded(this.chunk(Math.min(this.samplesPerPass, count - this.done)));
  }

  private *chunk(count: number): Task<void> {
    const { method, options, smoothing } = this.run;
    const samples = Array.from({ length: count }, (_, i) => this.done + i);
    yield* this.context.resolveArgmax();
    const rows = keep(tidy(() => this.noisyInputs(samples)));
    let maps: Tensor[] = [];
    try {
      maps = yield* method.attribute(this.context, rows, options);
      const before = this.firstNonFinite;
      tidy(() => {
        const attributions = this.bySample(maps, count);
        // A pair is one observation: its two halves are not independent.
        const pairs = smoothing.antithetic ? 2 : 1;
        const halfOf = samples.map((sample) => (Math.floor(sample / pairs) % 2) as 0 | 1);
        this.convergence.add(attributions, halfOf);
        // Half floats have smaller squares than float32 holds.
        const isSquare = isSquared(smoothing.statistic) && !hasHalfFloats();
        const checked = isSquare ? square(attributions) : attributions;
        this.firstNonFinite = keep(maximum(before, firstNonFinite(checked, samples)));
      });
      before.dispose();
      this.samplesDone += count;
    } finally {
      dispose([rows, maps]);
    }
  }

  /** Rearranges the maps of m classes, [s * n, ...], to [s, m * n, ...]. */
  private bySample(maps: readonly Tensor[], samples: number): Tensor {
    const { images, classes } = this.context;
    const { aggregate } = this.run.smoothing;
    const shown =
      aggregate === undefined ? maps : maps.map((map) => aggregateChannels(map, aggregate));
    const shape = shown[0]!.shape.slice(1);
    const perSample = shown.map((map) => reshape(map, [samples, images, ...shape]));
    return reshape(stackOf(perSample, 1), [samples, classes * images, ...shape]);
  }

  /** Makes the noisy inputs of some samples, [s * n, ...]. */
  private noisyInputs(samples: readonly number[]): Tensor {
    const { input, images } = this.context;
    const noisy = stackOf(
      samples.map((sample) => this.noisyInput(sample)),
      0,
    );
    return reshape(noisy, [samples.length * images, ...input.shape.slice(1)]);
  }

  private noisyInput(sample: number): Tensor {
    const { input, preprocess } = this.context;
    const noisy = add(input, mul(this.noise.draw(sample), this.deviation));
    if (!this.run.smoothing.clip || preprocess === undefined) return noisy;
    const bound = (end: 0 | 1): Tensor => tensor(preprocess.range.map((range) => range[end]));
    return minimum(maximum(noisy, bound(0)), bound(1));
  }

  /** @throws GradientError if the last check found that float32 does not hold it */
  map(): Tensor {
    if (this.overflow !== undefined) throw beyondFloat32(this.overflow);
    return this.shaped(this.convergence.map());
  }

  standardError(): Tensor {
    return this.shaped(this.convergence.standardError());
  }

  async reliabilities(view: View | undefined): Promise<number[]> {
    const maps = this.context.classes * this.context.images;
    if (view === undefined) return this.convergence.reliability(maps);
    if (!this.convergence.hasHalves || this.overflow !== undefined)
      return Array<number>(maps).fill(0);
    const shape = this.shownShape();
    const halves = { ...(await this.convergence.halfMaps()), shape, maps };
    return shownReliabilities(halves, shownOfTensors(view as View<Tensor>, shape, maps));
  }

  private shownShape(): number[] {
    const map = this.shaped(this.convergence.map());
    map.dispose();
    return map.shape;
  }

  classIndex(): Promise<ClassIndex> {
    return this.context.explainedClass();
  }

  /** Reads the moments of the samples since the (re)start, for a merge with other workers'. */
  moments(): Promise<MomentsData[]> {
    return this.convergence.moments();
  }

  private shaped(result: Tensor): Tensor {
    const { classes, images } = this.context;
    try {
      return tidy(() =>
        this.context.shaped(reshape(result, [classes, images, ...result.shape.slice(1)])),
      );
    } finally {
      result.dispose();
    }
  }

  /**
   * @param first the first sample with a number or square that is not finite
   * @param finite whether what the map is made of is finite, and whether the map itself is
   */
  private refuse(first: number, finite: ArrayLike<number>): void {
    const [parts, map] = Array.from(finite);
    const hasSquares = isSquared(this.run.smoothing.statistic) && !hasHalfFloats();
    if (!hasSquares || parts === 0) throw nonFiniteError(` at sample ${first}`);
    this.overflow = map === 0 && !this.isPart ? first : undefined;
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    dispose([this.deviation, this.firstNonFinite]);
    this.convergence.dispose();
    this.context.dispose();
  }
}

/** Stacks tensors, without a kernel where there is but one. */
const stackOf = (tensors: Tensor[], axis: number): Tensor =>
  tensors.length === 1 ? expandDims(tensors[0]!, axis) : stack(tensors, axis);
