/** Smoothing around any attribution: synchronous, asynchronous, and step by step. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkOptions, wrongType } from '../../arguments.js';
import type { Model } from '../../model/model.js';
import type { ClassIndex } from '../../target/classIndex.js';
import type { AttributionOptions } from '../arguments.js';
import { openLongRun } from './longRun.js';
import { LONG_RUN_OPTIONS, STEPS_OPTIONS } from './longRunOptions.js';
import type { LongRunOptions, SmoothingStep, StepsOptions } from './longRunOptions.js';
import { foreignMethod } from '../foreign.js';
import type { AttributionFunction } from '../foreign.js';
import { methodOf, named, openSmoothed } from '../method.js';
import type { Attribution, Method } from '../method.js';
import { checkSmoothing, SMOOTHING_OPTIONS } from './smoothingOptions.js';
import type { SmoothingOptions } from './smoothingOptions.js';
import { smoothNow } from './smoothingRun.js';

/**
 * An attribution smoothed by noise, as a function of the same signature, and as the long job it is.
 */
export interface SmoothedAttribution<Options extends AttributionOptions> extends Attribution<
  Options & SmoothingOptions
> {
  /** As {@link smoothGradAsync}. */
  readonly async: SmoothedAsync<Options>;
  /** As {@link smoothGradSteps}. */
  readonly steps: SmoothedSteps<Options>;
}

export type SmoothedAsync<Options extends AttributionOptions> = (
  model: Model,
  input: unknown,
  classIndex: ClassIndex,
  options?: Options & SmoothingOptions & LongRunOptions,
) => Promise<Tensor>;

export type SmoothedSteps<Options extends AttributionOptions> = (
  model: Model,
  input: unknown,
  classIndex: ClassIndex,
  options?: Options & SmoothingOptions & StepsOptions,
) => AsyncGenerator<SmoothingStep, void, undefined>;

/**
 * Puts SmoothGrad's noisy mean around an attribution function; `smoothGrad` is
 * `smooth(vanillaGradient)`.
 *
 * @param attribution `vanillaGradient`, `integratedGradients`, `gradientTimesInput`, or a function
 * of your own: see {@link AttributionFunction} for what it is given. Options that smoothing does
 * not know are passed on to it; `preprocess` is not, because noise is added after preprocessing.
 * `'argmax'` is fixed to the classes predicted for the clean input, as numbers, unless
 * `perSampleArgmax`.
 * @returns a function of the same signature that takes {@link SmoothingOptions} too, with `async`
 * and `steps` beside it
 * @throws TypeError for anything that is no function
 */
export function smooth<Options extends object>(
  attribution: AttributionFunction<Options>,
): SmoothedAttribution<Options & AttributionOptions> {
  if (typeof attribution !== 'function')
    throw wrongType('smooth', 'attribution', 'a function', attribution);
  const method = methodOf<Options>(attribution) ?? foreignMethod(attribution);
  return smoothed(`smooth(${method.name})`, method);
}

/** The three functions, called `name`, `nameAsync` and `nameSteps`, in errors too. */
export function smoothed<Options extends object>(
  name: string,
  method: Method<Options>,
): SmoothedAttribution<Options & AttributionOptions> {
  type Own = Options & AttributionOptions;
  const now: Attribution<Own & SmoothingOptions> = (
    model,
    input,
    classIndex,
    options = {} as Own,
  ) => {
    checkOptions(name, options, method.options && [...method.options, ...SMOOTHING_OPTIONS]);
    const attribute = method.prepare(name, options, SMOOTHING_OPTIONS);
    const smoothing = checkSmoothing(name, options, classIndex);
    const subject = openSmoothed(name, method, model, input, classIndex, options);
    try {
      return smoothNow(name, subject, attribute, smoothing);
    } finally {
      subject.dispose();
    }
  };

  const async: SmoothedAsync<Own> = async (model, input, classIndex, options = {} as Own) => {
    const long = openLongRun(
      `${name}Async`,
      method,
      model,
      input,
      classIndex,
      options,
      LONG_RUN_OPTIONS,
    );
    try {
      while (!(await long.advance(long.total)).finished);
      return long.run.map();
    } finally {
      long.dispose();
    }
  };

  const steps: SmoothedSteps<Own> = async function* (
    model,
    input,
    classIndex,
    options = {} as Own,
  ) {
    const long = openLongRun(
      `${name}Steps`,
      method,
      model,
      input,
      classIndex,
      options,
      STEPS_OPTIONS,
    );
    try {
      for (let finished = false; !finished;) {
        const next = long.at?.find((count) => count > long.run.samplesDone) ?? long.total;
        const { done, total, reliability, ...progress } = await long.advance(next);
        finished = progress.finished;
        if (!finished && long.at !== undefined && done < next) continue;
        yield { ...long.snapshot(), done, total, reliability };
      }
    } finally {
      long.dispose();
    }
  };
  return Object.assign(named(name, now), {
    async: named(`${name}Async`, async),
    steps: named(`${name}Steps`, steps),
  });
}
