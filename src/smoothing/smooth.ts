/** Smoothing around any attribution: synchronous, asynchronous, and step by step. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkBag, wrongType } from '../checks.js';
import { inFunction, named } from '../inFunction.js';
import type { AttributionOptions } from '../method/attributionOptions.js';
import { attributionOptions } from '../method/attributionOptions.js';
import { openContext } from '../method/context.js';
import { customMethod } from '../method/customMethod.js';
import type { AttributionFunction } from '../method/customMethod.js';
import { methodOf, withName } from '../method/defineMethod.js';
import type { Method } from '../method/defineMethod.js';
import type { AnyModel } from '../model/asyncModel.js';
import type { Model } from '../model/model.js';
import { checkKnown } from '../options.js';
import type { OptionTable } from '../options.js';
import type { ImageInput } from '../preprocessing/image.js';
import { throwIfAborted } from '../run/abort.js';
import type { ClassIndex } from '../score/classIndex.js';
import { longRunOptions, readConvergence, stepsOptions } from './convergenceOptions.js';
import type {
  ConvergenceRun,
  LongRunOptions,
  SmoothingStep,
  StepsOptions,
} from './convergenceOptions.js';
import { LocalSamples } from './localSamples.js';
import { convergedMap, convergingSteps } from './samples.js';
import { readSmoothing, smoothingOptions } from './smoothingOptions.js';
import type { SmoothingOptions } from './smoothingOptions.js';

/** An attribution smoothed by noise: a function of the same signature, with asynchronous forms. */
export interface SmoothedAttribution<Options extends object = AttributionOptions> {
  /** Computes the statistic of the attributions of noisy inputs. */
  (
    model: Model,
    input: Tensor | ImageInput,
    classIndex: ClassIndex,
    options?: Options & SmoothingOptions,
  ): Tensor;
  /** As {@link smoothGradAsync}. */
  readonly async: SmoothedAsync<Options>;
  /** As {@link smoothGradSteps}. */
  readonly steps: SmoothedSteps<Options>;
}

export type SmoothedAsync<Options extends object = AttributionOptions> = (
  model: Model,
  input: Tensor | ImageInput,
  classIndex: ClassIndex,
  options?: Options & SmoothingOptions & LongRunOptions,
) => Promise<Tensor>;

export type SmoothedSteps<Options extends object = AttributionOptions> = (
  model: Model,
  input: Tensor | ImageInput,
  classIndex: ClassIndex,
  options?: Options & SmoothingOptions & StepsOptions,
) => AsyncGenerator<SmoothingStep, void, undefined>;

/**
 * Puts SmoothGrad's noisy mean around an attribution; `smoothGrad` is `smooth(vanillaGradient)`.
 *
 * @param attribution a method of the library, or any {@link AttributionFunction}. Options that
 * smoothing does not know are passed on to it; `preprocess` is not, because noise is added after
 * preprocessing. `'argmax'` is resolved to the classes predicted for the clean input, as numbers,
 * unless `perSampleArgmax`.
 * @returns a function of the same signature that takes {@link SmoothingOptions} too, with `async`
 * and `steps` beside it
 * @throws TypeError for anything that is no function
 */
export function smooth<Options extends object>(
  attribution: AttributionFunction<Options>,
): SmoothedAttribution<Options & AttributionOptions> {
  return inFunction('smooth', () => {
    if (typeof attribution !== 'function') {
      throw wrongType('attribution', 'a function', attribution);
    }
    const reserved = ['preprocess', ...Object.keys(smoothingOptions), ...Object.keys(stepsOptions)];
    const method = methodOf(attribution) ?? customMethod(attribution, reserved);
    return smoothed(`smooth(${method.name})`, method);
  });
}

type Options = AttributionOptions & SmoothingOptions & StepsOptions;
type Call = [AnyModel, Tensor | ImageInput, ClassIndex, options?: Options];

/** Makes the functions of a smoothed method; errors call them `name`, `nameAsync`, `nameSteps`. */
/* @__NO_SIDE_EFFECTS__ */
export function smoothed<Options extends object>(
  name: string,
  method: Method,
): SmoothedAttribution<Options & AttributionOptions> {
  const sync = (...[model, input, classIndex, options = {}]: Call) =>
    inFunction(name, () => {
      checkCall(method, options);
      const samples = openSamples(method, model, input, classIndex, options);
      try {
        return samples.mapSync();
      } finally {
        samples.dispose();
      }
    });

  const async = (...[model, input, classIndex, options = {}]: Call) =>
    inFunction(`${name}Async`, async () => {
      const { samples, run } = openLong(method, longRunOptions, model, input, classIndex, options);
      return convergedMap(samples, run);
    });

  async function* steps(...[model, input, classIndex, options = {}]: Call) {
    try {
      const { samples, run } = openLong(method, stepsOptions, model, input, classIndex, options);
      yield* convergingSteps(samples, run);
    } catch (error) {
      throw named(`${name}Steps`, error);
    }
  }

  return withName(
    name,
    Object.assign(sync, {
      async: withName(`${name}Async`, async),
      steps: withName(`${name}Steps`, steps),
    }),
  );
}

/** Opens the samples of an asynchronous call. */
function openLong(
  ...[method, table, model, input, classIndex, options]: [Method, OptionTable, ...Required<Call>]
): { samples: LocalSamples; run: ConvergenceRun } {
  checkCall(method, options, table);
  const run = readConvergence(options);
  throwIfAborted(run.signal);
  const { total, standardError } = run;
  const all = { ...options, samples: total };
  const samples = openSamples(method, model, input, classIndex, all, standardError);
  samples.context.signal = run.signal;
  return { samples, run };
}

/** Checks the arguments and makes the samples of a run. The caller disposes them. */
export function openSamples(
  method: Method,
  model: AnyModel,
  input: Tensor | ImageInput,
  classIndex: ClassIndex,
  options: AttributionOptions & SmoothingOptions,
  standardError = false,
): LocalSamples {
  const smoothing = readSmoothing(options, classIndex);
  const read = method.readOptions(options);
  const context = openContext(model, input, classIndex, method.withDefaults(options));
  try {
    return new LocalSamples(context, { method, options: read, smoothing, standardError });
  } catch (error) {
    context.dispose();
    throw error;
  }
}

/** @throws TypeError for an option that neither the method nor smoothing has */
function checkCall({ options: table }: Method, options: object, long: OptionTable = {}): void {
  if (table === undefined) checkBag('options', options);
  else checkKnown(options, attributionOptions, table, smoothingOptions, long);
}
