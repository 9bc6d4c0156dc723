/**
 * Computations as generators, which pause between two passes of the model.
 *
 * A driver may yield to the event loop in a pause, or cancel the task.
 */
import { engine } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { wrongType } from '../checks.js';
import { yieldToEventLoop } from './yieldToEventLoop.js';

/**
 * A computation in passes, which yields a promise where it has to wait for one. No tidy frees what
 * it holds between two passes.
 */
export type Task<T> = Generator<Promise<unknown> | undefined, T, undefined>;

/**
 * Runs a task to its end, synchronously.
 * @throws TypeError for a task that has to wait
 */
export function runSync<T>(task: Task<T>): T {
  for (;;) {
    const step = task.next();
    if (step.done === true) return step.value;
    if (step.value === undefined) continue;
    cancel(task);
    throw wrongType('model', 'synchronous', step.value, 'call the asynchronous function, .async');
  }
}

/** Waits for a promise, in a task; a synchronous driver refuses that. */
export function* awaited<T>(promise: Promise<T>): Task<T> {
  let outcome: { readonly value: T } | { readonly error: unknown } | undefined;
  yield promise.then(
    (value) => {
      outcome = { value };
    },
    (error: unknown) => {
      outcome = { error };
    },
  );
  if ('error' in outcome!) throw outcome.error;
  return outcome!.value;
}

/** Reads a tensor's numbers, in a task. */
export function* read(tensor: Tensor): Task<Float32Array> {
  if (engine().backendName === 'webgpu') return yield* awaited(tensor.data<'float32'>());
  return tensor.dataSync<'float32'>();
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
      await step.value;
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
