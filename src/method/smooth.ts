/** Smoothing around any attribution: synchronous, asynchronous, and step by step. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkOptions, wrongType } from '../arguments.js';
import type { Model } from '../model/model.js';
import type { ClassIndex } from '../target/classIndex.js';
import { openSubject } from './arguments.js';
import type { AttributionOptions } from './arguments.js';
import { openLongRun } from './longRun.js';
import type { LongRunOptions, SmoothingStep, StepsOptions } from './longRun.js';
import { LONG_RUN_OPTIONS, STEPS_OPTIONS } from './longRun.js';
import { methodOf } from './method.js';
import type { Attribution, Method } from './method.js';
import { checkSmoothing, SMOOTHING_OPTIONS } from './smoothingOptions.js';
import type { SmoothingOptions } from './smoothingOptions.js';
import { smoothNow } from './smoothingRun.js';

/** An attribution smoothed by noise, as a function of the same signature, and as the long job it is. */
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
 * Puts SmoothGrad's noisy mean around an attribution function of this library; `smoothGrad` is `smooth(vanillaGradient)`.
 *
 * @param attribution `vanillaGradient`, `integratedGradients` or `gradientTimesInput`
 * @returns a function of the same signature that takes {@link SmoothingOptions} too, with `async` and `steps` beside it
 * @throws TypeError for anything else
 */
export function smooth<Options extends AttributionOptions>(
  attribution: Attribution<Options>,
): SmoothedAttribution<Options> {
  const method = typeof attribution === 'function' ? methodOf(attribution) : undefined;
  if (method === undefined) {
    throw wrongType('smooth', 'attribution', 'an attribution function of this library', attribution);
  }
  return smoothed(`smooth(${method.name})`, method);
}

/** The three functions, called `name`, `nameAsync` and `nameSteps` in errors. */
export function smoothed<Options extends AttributionOptions>(
  name: string,
  method: Method<Options>,
): SmoothedAttribution<Options> {
  const now: Attribution<Options & SmoothingOptions> = (model, input, classIndex, given) => {
    const options = given ?? ({} as Options);
    checkOptions(name, options, [...method.options, ...SMOOTHING_OPTIONS]);
    const attribute = method.prepare(name, options);
    const smoothing = checkSmoothing(name, options, classIndex);
    const subject = openSubject(name, model, input, classIndex, options);
    try {
      return smoothNow(name, subject, attribute, smoothing);
    } finally {
      subject.dispose();
    }
  };

  const async: SmoothedAsync<Options> = async (model, input, classIndex, given) => {
    const caller = `${name}Async`;
    const options = given ?? ({} as Options);
    checkOptions(caller, options, [...method.options, ...SMOOTHING_OPTIONS, ...LONG_RUN_OPTIONS]);
    const attribute = method.prepare(caller, options);
    const long = openLongRun(caller, attribute, model, input, classIndex, options);
    try {
      while (!(await long.advance(long.total)).finished);
      return long.run.map();
    } finally {
      long.dispose();
    }
  };

  const steps: SmoothedSteps<Options> = async function* (model, input, classIndex, given) {
    const caller = `${name}Steps`;
    const options = given ?? ({} as Options);
    checkOptions(caller, options, [...method.options, ...SMOOTHING_OPTIONS, ...STEPS_OPTIONS]);
    const attribute = method.prepare(caller, options);
    const long = openLongRun(caller, attribute, model, input, classIndex, options);
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
  return Object.assign(now, { async, steps });
}
