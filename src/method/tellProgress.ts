/** Progress of a run, with the class that is explained. */
import { progressSince } from '../run/progress.js';
import type { AsyncOptions } from '../run/progress.js';
import type { Context } from './context.js';

/**
 * Makes a function that tells how far the run is, of `expected` inputs; its time begins now.
 * @param onProgress the caller's own; undefined tells nobody
 */
export function progressTeller(
  context: Context,
  onProgress: AsyncOptions['onProgress'],
): (expected: number) => Promise<void> {
  const start = performance.now();
  return async (expected) => {
    if (onProgress === undefined) return;
    const classIndex = await context.explainedClass();
    onProgress(progressSince(start, context.rowsDone, expected, classIndex));
  };
}
