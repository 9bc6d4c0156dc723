/**
 * A run of smoothing that gives the event loop a turn after each pass: progress, abortion, and
 * stopping in time.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkOptions, outOfRange } from '../../arguments.js';
import type { Model } from '../../model/model.js';
import type { ClassIndex } from '../../target/classIndex.js';
import { openSmoothed } from '../method.js';
import type { Method } from '../method.js';
import type { AttributionOptions, Subject } from '../arguments.js';
import { checkLongRun, progressOf, totalSamples } from './longRunOptions.js';
import type { SmoothingProgress, StepsOptions } from './longRunOptions.js';
import { checkSmoothing, SMOOTHING_OPTIONS } from './smoothingOptions.js';
import type { SmoothingOptions } from './smoothingOptions.js';
import { SmoothingRun } from './smoothingRun.js';
import { turn } from './turn.js';
import { withTurns } from './withTurns.js';

export interface LongRun {
  readonly run: SmoothingRun;
  readonly total: number;
  readonly at: readonly number[] | undefined;
  /**
   * As many samples as fit into one pass, but not past `count`, with a turn of the event loop after
   * each pass.
   */
  advance(count: number): Promise<SmoothingProgress & { finished: boolean }>;
  /** Of a step: the map so far, and its standard error if wanted. */
  snapshot(): { map: Tensor; standardError?: Tensor };
  dispose(): void;
}

export interface OpenRun {
  readonly run: SmoothingRun;
  readonly subject: Subject;
  dispose(): void;
}

/**
 * Checks everything and makes the run, of `total` samples at the most.
 * @param extra the names of the options that the caller has besides those of the method and of
 * smoothing
 */
export function openRun<Options extends AttributionOptions>(
  caller: string,
  method: Method<Options>,
  model: Model,
  input: unknown,
  classIndex: ClassIndex,
  options: Options & SmoothingOptions & StepsOptions,
  total: number,
  extra: readonly string[],
): OpenRun {
  const { signal, standardError = false } = options;
  const names = [...SMOOTHING_OPTIONS, ...extra];
  checkOptions(caller, options, method.options && [...method.options, ...names]);
  const attribute = method.prepare(caller, options, names);
  const smoothing = checkSmoothing(caller, { ...options, samples: total }, classIndex);
  if (standardError && smoothing.statistic === 'variance') {
    throw outOfRange(caller, 'statistic', 'a mean when standardError', smoothing.statistic);
  }
  signal?.throwIfAborted();
  const subject = openSmoothed(caller, method, model, input, classIndex, options);
  try {
    const run = new SmoothingRun(caller, subject, attribute, smoothing, standardError);
    return {
      run,
      subject,
      dispose() {
        run.dispose();
        subject.dispose();
      },
    };
  } catch (error) {
    subject.dispose();
    throw error;
  }
}

export function openLongRun<Options extends AttributionOptions>(
  caller: string,
  method: Method<Options>,
  model: Model,
  input: unknown,
  classIndex: ClassIndex,
  options: Options & SmoothingOptions & StepsOptions,
  extra: readonly string[],
): LongRun {
  const { onProgress, signal, until, at, standardError = false } = options;
  checkLongRun(caller, options);
  const total = totalSamples(caller, options);
  const { run, subject, dispose } = openRun(
    caller,
    method,
    model,
    input,
    classIndex,
    options,
    total,
    extra,
  );
  const start = performance.now();
  return {
    run,
    total,
    at,
    async advance(count) {
      // A function of the user's own is given them as numbers.
      if (run.samplesDone === 0 && method.options === undefined)
        await subject.gradient.readFixedClasses();
      await withTurns(run.next(count), () => signal?.throwIfAborted());
      const reliabilities = await run.reliability();
      await run.checkFiniteLater();
      await turn();
      signal?.throwIfAborted();
      const progress = progressOf(run.samplesDone, total, reliabilities, start);
      onProgress?.(progress);
      const finished =
        progress.done >= total || (until !== undefined && progress.reliability >= until);
      return { ...progress, finished };
    },
    snapshot() {
      const map = run.map();
      return standardError ? { map, standardError: run.standardError() } : { map };
    },
    dispose,
  };
}
