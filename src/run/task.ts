/**
 * Computations as generators, which pause between two passes of the model.
 *
 * A driver may yield to the event loop in a pause, or cancel the task.
 */
import { yieldToEventLoop } from './yieldToEventLoop.js';

/** A computation in passes. No tidy frees what it holds between two of them. */
export type Task<T> = Generator<undefined, T, undefined>;

/** Runs a task to its end, synchronously. */
export function runSync<T>(task: Task<T>): T {
  for (;;) {
    const step = task.next();
    if (step.done === true) return step.value;
  }
}

/**
 * Runs a task with a turn of the event loop between its passes.
 * @param afterPass called after each pass and waited for; an error of it ends the task
 */
export async function runAsync<T>(
  task: Task<T>,
  afterPass: () => void | Promise<void>,
): Promise<T> {
  try {
    for (;;) {
      const step = task.next();
      if (step.done === true) return step.value;
      await yieldToEventLoop();
      await afterPass();
    }
  } finally {
    cancel(task);
  }
}

/** Frees what an unfinished task holds; a finished one holds nothing. */
export function cancel(task: Task<unknown>): void {
  task.return(undefined);
}
