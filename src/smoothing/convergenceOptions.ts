/** The options of runs of smoothing that are watched while they converge, and what these tell. */
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  checkBoolean,
  checkFunction,
  checkPositiveInteger,
  outOfRange,
  wrongType,
} from '../checks.js';
import type { Check } from '../checks.js';
import { toBeNamed } from '../inFunction.js';
import { option, optional, readOptions, optionTable } from '../options.js';
import type { OptionsOf, ValuesOf } from '../options.js';
import { checkSignal } from '../run/abort.js';
import type { Progress } from '../run/progress.js';
import type { ClassIndex } from '../score/classIndex.js';
import type { SmoothingOptions } from './smoothingOptions.js';
import type { View } from './view.js';

/** How far a run of smoothing has come. */
export interface SmoothingProgress extends Progress {
  /** Samples done. */
  readonly done: number;
  /** How many samples there will be at the most. */
  readonly total: number;
  /**
   * The predicted correlation of the map (or of what `reliabilityOf` makes of it) with the one of
   * infinitely many samples, 0 to 1, by split halves; the least one of a batch; 0 while a half has
   * no sample. Estimated anew when there are 5 % more samples.
   */
  readonly reliability: number;
  /** One reliability per image of the batch. */
  readonly reliabilities: readonly number[];
  readonly samplesPerSecond: number;
  /** Until `total`, or until `until` will be reached, as the reliability so far predicts. */
  readonly secondsLeft: number;
}

export interface SmoothingStepOf<Map> {
  /** The map of the samples so far; the caller owns it. */
  readonly map: Map;
  /**
   * With the option `standardError`: that of each number of the map, by the deviation of the
   * samples, or of the averages of antithetic pairs; infinite after one sample (or pair). The
   * caller owns it.
   */
  readonly standardError?: Map;
  readonly done: number;
  readonly total: number;
  /** As in SmoothingProgress. */
  readonly reliability: number;
  /** As in SmoothingProgress. */
  readonly classIndex: ClassIndex;
}

export type SmoothingStep = SmoothingStepOf<Tensor>;

const checkUntil: Check<number> = (argument, until) => {
  const expected = 'a number > 0 and < 1';
  if (typeof until !== 'number') throw wrongType(argument, expected, until);
  if (!(until > 0 && until < 1)) throw outOfRange(argument, expected, until);
};

function checkAt(argument: string, at: unknown): asserts at is readonly number[] {
  if (!Array.isArray(at) || at.length === 0) {
    throw wrongType(argument, 'an array of numbers of samples', at);
  }
  const counts: readonly unknown[] = at;
  counts.forEach((count, i) => {
    checkPositiveInteger(`${argument}[${i}]`, count);
    if (i > 0 && count <= (counts[i - 1] as number)) throw outOfRange(argument, 'increasing', at);
  });
}

/** Of `smoothGradAsync` and its kin. */
export const longRunOptions = /* @__PURE__ */ optionTable(() => ({
  /** Called after each sample, or as many as fit into one pass. */
  onProgress: option<((progress: SmoothingProgress) => void) | undefined>(
    optional(checkFunction as Check<(progress: SmoothingProgress) => void>),
    undefined,
  ),
  /** Ends the run within one pass. */
  signal: option<AbortSignal | undefined>(checkSignal, undefined),
  /**
   * Stops when the reliability (of every image), as last estimated, reaches this, > 0 and < 1.
   * Default: none, `samples` decides.
   */
  until: option<number | undefined>(optional(checkUntil), undefined),
  /**
   * What of the map `reliability` and `until` are about, such as
   * `(map) => blur(aggregateChannels(map))` where that is what will be shown: it converges much
   * sooner than the map itself. A function of the map as steps have it, which stays the library's,
   * to a tensor or `{ data, shape }` with the same axes of classes and images. Default: the map.
   */
  reliabilityOf: option<View<Tensor> | undefined>(
    optional(checkFunction as Check<View<Tensor>>),
    undefined,
  ),
  /** With `until`, the greatest number of samples. Default 1000. */
  maxSamples: option<number>(checkPositiveInteger, 1000),
}));

/** Of the steps of whatever learns from samples. */
export const sampledStepsOptions = /* @__PURE__ */ optionTable(() => ({
  ...longRunOptions,
  /**
   * After which numbers of samples a step is wanted, increasing. Default: after as many as fit into
   * one pass. `samples` defaults to the last.
   */
  at: option<readonly number[] | undefined>(optional(checkAt), undefined),
}));

/** Of `smoothGradSteps` and its kin. */
export const stepsOptions = /* @__PURE__ */ optionTable(() => ({
  ...sampledStepsOptions,
  /** Whether steps have `standardError`, for a statistic that is a mean. Default false. */
  standardError: option<boolean>(checkBoolean, false),
}));

/**
 * Options of {@link smoothGradAsync} and its kin.
 *
 * @interface
 */
export type LongRunOptions = OptionsOf<typeof longRunOptions>;

/**
 * Options of {@link smoothGradSteps} and its kin.
 *
 * @interface
 */
export type StepsOptions = OptionsOf<typeof stepsOptions>;

/** The options of one run, checked, and how many samples there will be at the most. */
export type ConvergenceRun = ValuesOf<typeof stepsOptions> & { readonly total: number };

/** Reads the options and checks what they demand of each other. */
export function readConvergence(options: SmoothingOptions & StepsOptions): ConvergenceRun {
  const values = readOptions(stepsOptions, options);
  const { samples, maxSamples, statistic } = options;
  const { at, until, standardError } = values;
  if (until === undefined) {
    if (maxSamples !== undefined)
      throw toBeNamed(new TypeError('maxSamples must be given with until'));
  } else if (samples !== undefined) {
    throw toBeNamed(new TypeError('until must be given with maxSamples, not samples'));
  }
  if (at !== undefined && samples !== undefined && samples < at.at(-1)!) {
    throw outOfRange('at', `at most samples (${samples})`, at);
  }
  if (standardError && statistic === 'variance') {
    throw outOfRange('statistic', 'a mean when standardError', statistic);
  }
  // What is no number at all (null, say) is refused with the other options of smoothing.
  const wanted = samples === undefined ? (at?.at(-1) ?? 50) : samples;
  return { ...values, total: until === undefined ? wanted : values.maxSamples };
}
