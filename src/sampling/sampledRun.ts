/**
 * One run of a sampling method, pass by pass.
 *
 * Letters: n images, m explained classes per image.
 */
import { stack, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { AttributionOptions } from '../method/attributionOptions.js';
import { openContext } from '../method/context.js';
import type { Context } from '../method/context.js';
import type { Method } from '../method/defineMethod.js';
import type { AnyModel } from '../model/asyncModel.js';
import { readOptions } from '../options.js';
import type { Option, OptionTable } from '../options.js';
import type { ImageInput } from '../preprocessing/image.js';
import { throwIfAborted } from '../run/abort.js';
import { runAsync } from '../run/task.js';
import type { Task } from '../run/task.js';
import type { ClassIndex } from '../score/classIndex.js';
import { readConvergence } from '../smoothing/convergenceOptions.js';
import type { ConvergenceRun, StepsOptions } from '../smoothing/convergenceOptions.js';
import { reliabilitiesOf } from '../smoothing/predictedCorrelation.js';
import type { Samples } from '../smoothing/samples.js';
import { shownReliabilities } from '../smoothing/shownReliability.js';
import type { Halves } from '../smoothing/shownReliability.js';
import { shownOfTensors } from '../smoothing/tensorView.js';
import type { View } from '../smoothing/view.js';
import { mapsOf } from './sampler.js';
import type { Sampler } from './sampler.js';

/** Makes the sampler of a method for rows [r, ...]. */
export type OpenSampler = (context: Context, rows: Tensor, options: object) => Task<Sampler>;

const samplings = new WeakMap<Method, OpenSampler>();

export function registerSampling(method: Method, open: OpenSampler): void {
  samplings.set(method, open);
}

/** Tells whether a method learns from samples. */
export const isSampling = (method: Method): boolean => samplings.has(method);

type Options = StepsOptions & { samples?: number | undefined };

/** Reads the options that say how long a run is, in the way of smoothing's. */
export function readSampling(
  table: OptionTable & { readonly samples: Option<number> },
  options: Options,
): ConvergenceRun {
  readOptions(table, options);
  const { samples, at, until, maxSamples } = options;
  const usual = table.samples.defaultValue();
  if (until === undefined) {
    return readConvergence({
      ...options,
      samples: samples ?? (at === undefined ? usual : undefined),
    });
  }
  return readConvergence({ ...options, maxSamples: maxSamples ?? Math.max(1000, usual) });
}

export class SampledRun implements Samples<Tensor> {
  readonly start = performance.now();
  done = 0;
  private isDisposed = false;

  /** @param context disposed with the run, as the sampler is */
  constructor(
    private readonly context: Context,
    private readonly sampler: Sampler,
  ) {}

  get total(): number {
    return this.sampler.total;
  }

  get samplesPerPass(): number {
    return this.sampler.samplesPerPass;
  }

  async advance(count: number, check: () => void): Promise<void> {
    const { done, samplesPerPass, total } = this;
    const added = Math.min(samplesPerPass, Math.min(count, total) - done);
    this.merge(added, await this.compute(done, added, check));
  }

  /** Computes what is learnt from samples, without adding it. */
  compute(first: number, count: number, check: () => void): Promise<Float32Array> {
    return runAsync(this.context.guarded(this.sampler.sample(first, count)), check);
  }

  /** Adds what was learnt from the next samples, wherever it was computed. */
  merge(count: number, learnt: Float32Array): void {
    this.sampler.add(this.done, count, learnt);
    this.done += count;
  }

  async reliabilities(view?: View): Promise<number[]> {
    const halves = this.halves();
    const { maps } = this;
    if (halves === undefined) return Array<number>(maps).fill(0);
    if (view === undefined) return reliabilitiesOf(...halves.values, maps);
    const shown = shownOfTensors(view as View<Tensor>, [...halves.shape], maps);
    return shownReliabilities(halves, shown);
  }

  /** Returns what the even and the odd samples have taught; undefined while a half has none. */
  halves(): Halves | undefined {
    const [even, odd] = [this.sampler.map(0), this.sampler.map(1)];
    if (even === undefined || odd === undefined) return undefined;
    const map = this.map();
    map.dispose();
    const counts = [Math.ceil(this.done / 2), Math.floor(this.done / 2)] as const;
    return { counts, values: [even, odd], shape: map.shape, maps: this.maps };
  }

  private get maps(): number {
    return this.sampler.shape[0] * this.sampler.shape[1];
  }

  classIndex(): Promise<ClassIndex> {
    return this.context.explainedClass();
  }

  map(): Tensor {
    return tidy(() => this.context.shaped(stack(mapsOf(this.sampler))));
  }

  standardError(): Tensor {
    throw new Error('a map that is no mean has no standard error');
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    this.sampler.dispose();
    this.context.dispose();
  }
}

/** Checks the arguments and opens a run. The caller disposes it. */
export async function openSampledRun(
  method: Method,
  { total, signal }: Pick<ConvergenceRun, 'total' | 'signal'>,
  ...[model, input, classIndex, options]: [
    AnyModel,
    Tensor | ImageInput,
    ClassIndex,
    AttributionOptions,
  ]
): Promise<SampledRun> {
  throwIfAborted(signal);
  const values = method.readOptions({ ...options, samples: total });
  const context = openContext(model, input, classIndex, method.withDefaults(options));
  context.signal = signal;
  try {
    const open = samplings.get(method)!(context, context.input, values);
    const sampler = await runAsync(context.guarded(open), () => {
      throwIfAborted(signal);
    });
    return new SampledRun(context, sampler);
  } catch (error) {
    context.dispose();
    throw error;
  }
}
