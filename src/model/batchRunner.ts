/** Runs long batches in passes, of a size that suits the model and memory. */
import { concat, dispose, keep, memory, slice, tidy, tile } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { cancel } from '../run/task.js';
import type { Task } from '../run/task.js';
import { weightBytes } from './model.js';
import type { Model } from './model.js';
import { isOutOfMemory, outOfMemory } from './outOfMemory.js';
import { OutOfMemoryError } from './outOfMemoryError.js';
import { isHeapDamage, withGuardedHeap } from './wasmHeap.js';

/** Computes a pass, from its rows and the number of the first one; results have the same rows. */
export type Pass = (rows: Tensor, first: number) => Tensor[];

/** Takes rows `first` to `first + count - 1`. */
function rowsOf(x: Tensor, first: number, count: number): Tensor {
  if (first === 0 && count === x.shape[0]) return x;
  const begin = x.shape.map((_, axis) => (axis === 0 ? first : 0));
  return slice(x, begin, [count, ...x.shape.slice(1)]);
}

export class BatchRunner {
  private size: number;
  private hasRun = false;
  private readonly reserve: number;

  /**
   * @param greatest the greatest number of rows in one pass, where the model leaves the choice
   * @param fixed the only number of rows that the model takes, if it was converted so
   * @param onRows called after each pass with the number of its rows
   */
  constructor(
    private readonly model: Model,
    greatest: number,
    private readonly fixed: number | undefined,
    private readonly onRows: (count: number) => void,
  ) {
    this.size = this.fixed ?? greatest;
    // No kernel packs more than all weights; those of a plain function are not known.
    this.reserve = 2 ** 24 + Math.min(2 ** 29, weightBytes(model) ?? memory().numBytes);
  }

  /** The greatest number of rows in one pass, which memory may have made smaller. */
  get rowsPerPass(): number {
    return this.size;
  }

  /**
   * Calls `pass` with consecutive rows of `x` and joins each of its results along the first axis.
   */
  *over(x: Tensor, pass: Pass): Task<Tensor[]> {
    const total = x.shape[0]!;
    const passes: Tensor[][] = [];
    try {
      for (let first = 0; first < total;) {
        const count = Math.min(this.size, total - first);
        const begin = first;
        // Also after the last pass of an earlier batch: every two passes have a pause between them.
        if (this.hasRun) yield;
        this.hasRun = true;
        const results = this.attempt(count, () =>
          this.filled(rowsOf(x, begin, count), begin, pass),
        );
        if (results === undefined) continue;
        this.onRows(count);
        if (count === total) return results;
        passes.push(results.map((result) => keep(result)));
        first += count;
      }
      return passes[0]!.map((_, i) => concat(passes.map((results) => results[i]!)));
    } finally {
      dispose(passes);
    }
  }

  /** Runs a task whose every step is guarded against running out of memory. */
  *guardedSteps<T>(task: Task<T>): Task<T> {
    try {
      for (;;) {
        const step = this.guarded(() => task.next());
        if (step.done === true) return step.value;
        yield step.value;
      }
    } finally {
      cancel(task);
    }
  }

  /** Guards code that runs between batches against running out of memory. */
  private guarded<T>(run: () => T): T {
    try {
      return withGuardedHeap(this.reserve, run);
    } catch (error) {
      if (error instanceof OutOfMemoryError || !isOutOfMemory(error)) throw error;
      throw this.failure(this.size, error);
    }
  }

  /** Runs a pass; where memory ends, halves the size of passes and returns undefined. */
  private attempt(count: number, run: () => Tensor[]): Tensor[] | undefined {
    try {
      return withGuardedHeap(this.reserve, () => tidy(run));
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      if (count === 1 || this.fixed !== undefined || isHeapDamage(error)) {
        throw this.failure(count, error);
      }
      this.size = Math.ceil(count / 2);
      return undefined;
    }
  }

  private failure(count: number, cause: unknown): OutOfMemoryError {
    return outOfMemory(this.model, this.fixed ?? count, this.fixed !== undefined, cause);
  }

  /** Fills a fixed batch by repeating the last row, whose extra results are dropped. */
  private filled(rows: Tensor, first: number, pass: Pass): Tensor[] {
    const count = rows.shape[0]!;
    const missing = (this.fixed ?? count) - count;
    if (missing === 0) return pass(rows, first);
    const last = rowsOf(rows, count - 1, 1);
    const full = concat([rows, tile(last, [missing, ...last.shape.slice(1).map(() => 1)])], 0);
    return pass(full, first).map((result) => rowsOf(result, 0, count));
  }
}
