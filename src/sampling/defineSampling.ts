/**
 * Makes the public functions of a sampling method: synchronous, asynchronous with `until`, and step
 * by step.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { inFunction, named } from '../inFunction.js';
import type { AttributionOptions } from '../method/attributionOptions.js';
import { attributionOptions } from '../method/attributionOptions.js';
import type { Context } from '../method/context.js';
import { defineMethod, methodOf, withName } from '../method/defineMethod.js';
import type { Attribution, MethodDefinition } from '../method/defineMethod.js';
import { checkFinite } from '../method/nonFinite.js';
import type { AnyModel } from '../model/asyncModel.js';
import type { Model } from '../model/model.js';
import { checkKnown } from '../options.js';
import type { Option, OptionsOf, OptionTable, ValuesOf } from '../options.js';
import type { ImageInput } from '../preprocessing/image.js';
import type { Task } from '../run/task.js';
import type { ClassIndex } from '../score/classIndex.js';
import { longRunOptions, sampledStepsOptions } from '../smoothing/convergenceOptions.js';
import type {
  LongRunOptions,
  SmoothingStep,
  StepsOptions,
} from '../smoothing/convergenceOptions.js';
import { convergedMap, convergingSteps } from '../smoothing/samples.js';
import { openSampledRun, readSampling, registerSampling } from './sampledRun.js';
import type { OpenSampler } from './sampledRun.js';
import { mapsOf } from './sampler.js';
import type { Sampler } from './sampler.js';

/** A sampling method, with its asynchronous forms. */
export interface SampledAttribution<Options extends object, M = Model> extends Attribution<
  Options,
  M
> {
  /**
   * Computes the same with a turn of the event loop between passes, `onProgress`, `signal` and
   * `until`. The input may be disposed as soon as the promise is returned.
   */
  readonly async: (
    model: M,
    input: Tensor | ImageInput,
    classIndex: ClassIndex,
    options?: Options & LongRunOptions,
  ) => Promise<Tensor>;
  /**
   * Yields the map as it converges; the caller owns each step's `map`. Keep the input until the
   * first step.
   */
  readonly steps: (
    model: M,
    input: Tensor | ImageInput,
    classIndex: ClassIndex,
    options?: Options & Omit<StepsOptions, 'standardError'>,
  ) => AsyncGenerator<SmoothingStep, void, undefined>;
}

/** The options that every sampling method has. */
type SamplingTable = OptionTable & { readonly samples: Option<number> };

export interface SamplingDefinition<Table extends SamplingTable> {
  readonly name: string;
  readonly group?: MethodDefinition<Table>['group'];
  readonly options: Table;
  readonly defaults?: Partial<AttributionOptions>;
  /** Of a complete method, as of any other. */
  readonly referenceScores?: MethodDefinition<Table>['referenceScores'];
  /** Makes the sampler for rows [r, ...]. */
  readonly open: (context: Context, rows: Tensor, options: ValuesOf<Table>) => Task<Sampler>;
}

/** Makes the public function of a sampling method. */
/* @__NO_SIDE_EFFECTS__ */
export function defineSampling<Table extends SamplingTable, M = AnyModel>(
  definition: SamplingDefinition<Table>,
): SampledAttribution<OptionsOf<Table> & AttributionOptions, M> {
  type Options = AttributionOptions & { samples?: number | undefined };
  type Call = [AnyModel, Tensor | ImageInput, ClassIndex, (Options & StepsOptions)?];
  const { name, options: table, open } = definition;
  const attribution = defineMethod<Table>({
    ...definition,
    attribute: (context, rows, options) => allSamples(open(context, rows, options)),
  });
  const method = methodOf(attribution)!;
  registerSampling(method, open as OpenSampler);

  const async = (...[model, input, classIndex, options = {}]: Call) =>
    inFunction(`${name}.async`, async () => {
      checkKnown(options, attributionOptions, table, longRunOptions);
      const run = readSampling(table, options);
      const samples = await openSampledRun(method, run, model, input, classIndex, options);
      const map = await convergedMap(samples, { ...run, total: samples.total });
      try {
        await checkFinite(map);
      } catch (error) {
        map.dispose();
        throw error;
      }
      return map;
    });

  async function* steps(...[model, input, classIndex, options = {}]: Call) {
    try {
      checkKnown(options, attributionOptions, table, sampledStepsOptions);
      const run = readSampling(table, options);
      const samples = await openSampledRun(method, run, model, input, classIndex, options);
      yield* convergingSteps(samples, { ...run, total: samples.total });
    } catch (error) {
      throw named(`${name}.steps`, error);
    }
  }

  return Object.assign(attribution, {
    async: withName(`${name}Async`, async),
    steps: withName(`${name}Steps`, steps),
  }) as unknown as SampledAttribution<OptionsOf<Table> & AttributionOptions, M>;
}

/** Computes all samples of a sampler, which it disposes: m tensors [r, ...]. */
function* allSamples(opened: Task<Sampler>): Task<Tensor[]> {
  const sampler = yield* opened;
  try {
    const { total } = sampler;
    for (let first = 0; first < total;) {
      const count = Math.min(sampler.samplesPerPass, total - first);
      sampler.add(first, count, yield* sampler.sample(first, count));
      first += count;
    }
    return mapsOf(sampler);
  } finally {
    sampler.dispose();
  }
}
