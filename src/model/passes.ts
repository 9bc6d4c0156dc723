/** Long batches in passes of the size that the model and the memory take. */
import { concat, dispose, keep, memory, slice, tidy, tile } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { fixedBatchSize, weightBytes } from './model.js';
import type { Model } from './model.js';
import { isOutOfMemory, outOfMemory } from './outOfMemory.js';
import { OutOfMemoryError } from './outOfMemoryError.js';
import { isHeapDamage, withGuardedHeap } from './wasmHeap.js';

/** The rows of a pass and the number of the first one -> results of one row each. */
export type Pass = (rows: Tensor, first: number) => Tensor[];

/**
 * A computation in several passes. Between two of them whoever drives it may give others a turn, or
 * end it; what it holds meanwhile is not freed by any tidy.
 */
export type InPasses<T> = Generator<undefined, T, undefined>;

export function allAtOnce<T>(passes: InPasses<T>): T {
  for (;;) {
    const step = passes.next();
    if (step.done === true) return step.value;
  }
}

/** Frees what an unfinished computation holds; of a finished one, nothing is left. */
export function endEarly(passes: InPasses<unknown>): void {
  passes.return(undefined);
}

/** Rows `first` ... `first + count - 1` along the first axis. */
function rowsOf(x: Tensor, first: number, count: number): Tensor {
  if (first === 0 && count === x.shape[0]) return x;
  const begin = x.shape.map((_, axis) => (axis === 0 ? first : 0));
  return slice(x, begin, [count, ...x.shape.slice(1)]);
}

export class Passes {
  private size: number;
  /** The only number of rows that a model takes which was converted with a fixed batch. */
  private readonly fixed: number | undefined;
  private readonly reserve: number;

  /** @param greatest the greatest number of rows, where the model leaves the choice */
  constructor(
    private readonly caller: string,
    private readonly model: Model,
    greatest: number,
  ) {
    this.fixed = fixedBatchSize(model);
    this.size = this.fixed ?? greatest;
    // No kernel packs more than all weights; a plain function does not tell what it has.
    this.reserve = 2 ** 24 + Math.min(2 ** 29, weightBytes(model) ?? memory().numBytes);
  }

  /** The greatest number of rows in one pass, which memory may have made smaller. */
  get batchSize(): number {
    return this.size;
  }

  /**
   * Calls `pass` with consecutive rows of `x` and joins each of its results along the first axis.
   */
  *over(x: Tensor, pass: Pass): InPasses<Tensor[]> {
    const total = x.shape[0]!;
    const passes: Tensor[][] = [];
    try {
      for (let first = 0; first < total;) {
        const count = Math.min(this.size, total - first);
        const from = first;
        const results = this.attempt(count, () => this.filled(rowsOf(x, from, count), from, pass));
        if (results === undefined) continue;
        if (count === total) return results;
        passes.push(results.map((result) => keep(result)));
        first += count;
        if (first < total) yield;
      }
      return passes[0]!.map((_, i) =>
        concat(
          passes.map((results) => results[i]!),
          0,
        ),
      );
    } finally {
      dispose(passes);
    }
  }

  /** The same computation, whose every step is guarded. */
  *guardedSteps<T>(passes: InPasses<T>): InPasses<T> {
    try {
      for (;;) {
        const step = this.guarded(() => passes.next());
        if (step.done === true) return step.value;
        yield;
      }
    } finally {
      endEarly(passes);
    }
  }

  /** Runs what is beside the passes, with the same care for memory. */
  guarded<T>(run: () => T): T {
    try {
      return withGuardedHeap(this.reserve, run);
    } catch (error) {
      throw error instanceof OutOfMemoryError || !isOutOfMemory(error)
        ? error
        : this.failure(this.size, error);
    }
  }

  /**
   * The results, or undefined where memory ended and a pass of half the rows may do, this one and
   * those to come.
   */
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
    return outOfMemory(
      this.caller,
      this.model,
      this.fixed ?? count,
      this.fixed !== undefined,
      cause,
    );
  }

  /** A fixed batch has to be full; what is computed for the repeated last row is dropped. */
  private filled(rows: Tensor, first: number, pass: Pass): Tensor[] {
    const count = rows.shape[0]!;
    const missing = (this.fixed ?? count) - count;
    if (missing === 0) return pass(rows, first);
    const last = rowsOf(rows, count - 1, 1);
    const full = concat([rows, tile(last, [missing, ...last.shape.slice(1).map(() => 1)])], 0);
    return pass(full, first).map((result) => rowsOf(result, 0, count));
  }
}
