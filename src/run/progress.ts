/** Progress of long runs, and their options. */
import { checkFunction } from '../checks.js';
import { option, optional, optionTable } from '../options.js';
import type { OptionsOf } from '../options.js';
import type { ClassIndex } from '../score/classIndex.js';
import { checkSignal } from './abort.js';

/** The progress of a run. */
export interface Progress {
  /** The number of inputs that the model has run on: noisy samples, points of a path, images. */
  readonly done: number;
  /** The number of inputs in all. */
  readonly total: number;
  readonly secondsLeft: number;
  /**
   * The class index of the call, with 'argmax' as the number of the class predicted (one per image,
   * if there are several). It stays 'argmax' until that is known, with `perSampleArgmax`, and where
   * a binary model says "yes" to some images of a batch and "no" to others.
   */
  readonly classIndex: ClassIndex;
}

export const asyncOptions = /* @__PURE__ */ optionTable(() => ({
  /** Called after each pass of the model. */
  onProgress: option<((progress: Progress) => void) | undefined>(
    optional(checkFunction as never),
    undefined,
  ),
  /** Ends the run within one pass. */
  signal: option<AbortSignal | undefined>(checkSignal, undefined),
}));

/**
 * Options of every method's `async`.
 *
 * @interface
 */
export type AsyncOptions = OptionsOf<typeof asyncOptions>;

/** Estimates the remaining time from what is done since `start` (of `performance.now`). */
export function progressSince(
  start: number,
  done: number,
  total: number,
  classIndex: ClassIndex,
): Progress {
  const secondsPerInput = (performance.now() - start) / 1000 / Math.max(1, done);
  return {
    done,
    total: Math.max(done, total),
    secondsLeft: secondsPerInput * Math.max(0, total - done),
    classIndex,
  };
}
