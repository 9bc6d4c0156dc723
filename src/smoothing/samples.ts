/**
 * The one loop of every run of smoothing: pass after pass of samples until the map has converged,
 * wherever the samples are computed.
 */
import { throwIfAborted } from '../run/abort.js';
import { yieldToEventLoop } from '../run/yieldToEventLoop.js';
import type { ClassIndex } from '../score/classIndex.js';
import type { ConvergenceRun, SmoothingStepOf } from './convergenceOptions.js';
import { samplesNeeded } from './predictedCorrelation.js';
import type { View } from './view.js';

/** By how much the samples grow until the reliability is estimated anew: that costs time too. */
const GROWTH = 1.05;

/** The samples of one run: of this thread, or shared out between workers. */
export interface Samples<Map> {
  /** How many are computed and merged. */
  readonly done: number;
  /** When the first of them was begun, of `performance.now`. */
  readonly start: number;
  /**
   * Computes those of one more pass, but not past `count` samples.
   * @param check called between passes of the model; what it throws ends the run
   */
  advance(count: number, check: () => void): Promise<void>;
  /**
   * Estimates the reliability of each map, 0 to 1; 0 while a half has no sample.
   * @param view of what of the map; undefined for the map itself
   */
  reliabilities(view: View | undefined): Promise<readonly number[]>;
  /** Returns the class index of the call, with 'argmax' as numbers once there is a sample. */
  classIndex(): Promise<ClassIndex>;
  /** Makes the map so far; the caller owns it. */
  map(): Map;
  standardError(): Map;
  /** Frees everything and ends what is under way; the second time nothing. */
  dispose(): void;
}

/**
 * Yields the map after the numbers of samples in `at`, and at the end.
 *
 * Without `at` it does so after each pass. The samples are disposed before the last step, as
 * callers need not ask for another.
 */
export async function* convergingSteps<Map>(
  samples: Samples<Map>,
  { total, at, until, standardError, onProgress, signal, reliabilityOf }: ConvergenceRun,
): AsyncGenerator<SmoothingStepOf<Map>, void, undefined> {
  const check = (): void => {
    throwIfAborted(signal);
  };
  let [reliabilities, estimatedAt]: [readonly number[], number] = [[0], 0];
  try {
    for (let isFinished = false; !isFinished;) {
      const next = at?.find((count) => count > samples.done) ?? total;
      await samples.advance(next, check);
      await yieldToEventLoop();
      check();
      const { done } = samples;
      const isStep = at === undefined || done >= next;
      const isWatched = onProgress !== undefined || until !== undefined;
      if (isStep || (isWatched && done >= GROWTH * estimatedAt)) {
        reliabilities = await samples.reliabilities(reliabilityOf);
        estimatedAt = done;
      }
      const reliability = Math.min(...reliabilities);
      const classIndex = await samples.classIndex();
      onProgress?.({
        ...speedOf(samples.start, done, samplesNeeded(done, total, reliability, until)),
        done,
        total,
        reliability,
        reliabilities,
        classIndex,
      });
      isFinished = done >= total || (until !== undefined && reliability >= until);
      if (!isFinished && !isStep) continue;
      const step = { map: samples.map(), done, total, reliability, classIndex };
      const whole = standardError ? { ...step, standardError: samples.standardError() } : step;
      if (isFinished) samples.dispose();
      yield whole;
    }
  } finally {
    samples.dispose();
  }
}

/** Resolves to the map of the last step. */
export async function convergedMap<Map>(samples: Samples<Map>, run: ConvergenceRun): Promise<Map> {
  const steps = convergingSteps(samples, { ...run, at: [run.total], standardError: false });
  for await (const { map } of steps) return map;
  throw new Error('a run has at least one step');
}

/** Tells how fast a run is since `start` (of `performance.now`), and when `needed` will be done. */
function speedOf(
  start: number,
  done: number,
  needed: number,
): { samplesPerSecond: number; secondsLeft: number } {
  const seconds = Math.max(1e-6, (performance.now() - start) / 1000);
  const samplesPerSecond = done / seconds;
  return { samplesPerSecond, secondsLeft: (needed - done) / samplesPerSecond };
}
