/** The options of long runs of smoothing, their checks, and what such a run tells of itself. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkBoolean, checkPositiveInteger, outOfRange, wrongType } from '../../arguments.js';
import type { SmoothingOptions } from './smoothingOptions.js';

export interface SmoothingProgress {
  /** Samples done, and how many there will be at the most. */
  readonly done: number;
  readonly total: number;
  /**
   * The predicted correlation of the map with the one of infinitely many samples, 0 to 1, by split
   * halves; the least one of a batch; 0 while a half has no sample.
   */
  readonly reliability: number;
  /** One reliability per image of the batch. */
  readonly reliabilities: readonly number[];
  readonly samplesPerSecond: number;
  /** Until `total`; a run with `until` may end sooner. */
  readonly secondsLeft: number;
}

export interface LongRunOptions {
  /** Called after each sample, or as many as fit into one pass. */
  onProgress?: ((progress: SmoothingProgress) => void) | undefined;
  /** Ends the run within one pass. */
  signal?: AbortSignal | undefined;
  /**
   * Stops as soon as the reliability (of every image) reaches this, > 0 and < 1. Default: none,
   * `samples` decides.
   */
  until?: number | undefined;
  /** With `until`, the greatest number of samples. Default 1000. */
  maxSamples?: number | undefined;
}

export interface StepsOptions extends LongRunOptions {
  /**
   * After which numbers of samples a step is wanted, increasing. Default: after as many as fit into
   * one pass. `samples` defaults to the last.
   */
  at?: readonly number[] | undefined;
  /** Whether steps have `standardError`, for a statistic that is a mean. Default false. */
  standardError?: boolean | undefined;
}

export interface SmoothingStep {
  /** The map of the samples so far; the caller owns it. */
  readonly map: Tensor;
  /**
   * With the option `standardError`: that of each number of the map, by the deviation of the
   * samples, or of the averages of antithetic pairs; infinite after one sample (or pair). The
   * caller owns it.
   */
  readonly standardError?: Tensor;
  readonly done: number;
  readonly total: number;
  /** As in SmoothingProgress. */
  readonly reliability: number;
}

export const LONG_RUN_OPTIONS = ['onProgress', 'signal', 'until', 'maxSamples'];
export const STEPS_OPTIONS = [...LONG_RUN_OPTIONS, 'at', 'standardError'];

export function progressOf(
  done: number,
  total: number,
  reliabilities: readonly number[],
  start: number,
): SmoothingProgress {
  const samplesPerSecond = (done / Math.max(1e-3, performance.now() - start)) * 1000;
  return {
    done,
    total,
    reliability: Math.min(...reliabilities),
    reliabilities,
    samplesPerSecond,
    secondsLeft: (total - done) / samplesPerSecond,
  };
}

/** How many samples there will be at the most. */
export function totalSamples(
  caller: string,
  { samples, until, maxSamples, at }: SmoothingOptions & StepsOptions,
): number {
  if (until === undefined) return samples ?? at?.at(-1) ?? 50;
  if (samples !== undefined)
    throw new TypeError(`${caller}: until must be given with maxSamples, not samples`);
  return maxSamples ?? 1000;
}

export function checkLongRun(caller: string, options: SmoothingOptions & StepsOptions): void {
  const { onProgress, signal, until, maxSamples, at, samples, standardError = false } = options;
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw wrongType(caller, 'onProgress', 'a function', onProgress);
  }
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    throw wrongType(caller, 'signal', 'an AbortSignal', signal);
  }
  if (until !== undefined) {
    if (typeof until !== 'number') throw wrongType(caller, 'until', 'a number > 0 and < 1', until);
    if (!(until > 0 && until < 1)) throw outOfRange(caller, 'until', 'a number > 0 and < 1', until);
  }
  if (maxSamples !== undefined) {
    checkPositiveInteger(caller, 'maxSamples', maxSamples);
    if (until === undefined) throw new TypeError(`${caller}: maxSamples must be given with until`);
  }
  checkBoolean(caller, 'standardError', standardError);
  if (at === undefined) return;
  if (!Array.isArray(at) || at.length === 0)
    throw wrongType(caller, 'at', 'an array of numbers of samples', at);
  for (const [i, count] of (at as number[]).entries()) {
    checkPositiveInteger(caller, `at[${i}]`, count);
    if (i > 0 && count <= at[i - 1]!) throw outOfRange(caller, 'at', 'increasing', at);
  }
  if (samples !== undefined && samples < at.at(-1)!)
    throw outOfRange(caller, 'at', `at most samples (${samples})`, at);
}
