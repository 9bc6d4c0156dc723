/**
 * The one way through every computation: a generator that pauses between two passes of the model.
 * Whoever drives it may give others a turn meanwhile, or end it.
 */
import { yieldToEventLoop } from './yieldToEventLoop.js';

/** A computation in passes. What it holds between two of them is not freed by any tidy. */
export type Task<T> = Generator<undefined, T, undefined>;

/** Runs a task to its end at once. */
export function runSync<T>(task: Task<T>): T {
  for (;;) {
    const step = task.next();
    if (step.done === true) return step.value;
  }
}

/**
 * Runs a task with a turn of the event loop between its passes.
 * @param afterPass called after each turn; what it throws ends the task
 */
export async function runAsync<T>(task: Task<T>, afterPass: () => void): Promise<T> {
  try {
    for (;;) {
      const step = task.next();
      if (step.done === true) return step.value;
      await yieldToEventLoop();
      afterPass();
    }
  } finally {
    cancel(task);
  }
}

/** Frees what an unfinished task holds; of a finished one, nothing is left. */
export function cancel(task: Task<unknown>): void {
  task.return(undefined);
}
