/**
 * Passes forward of a model that answers at once or with promises, which its first pass shows.
 *
 * Letters: r rows, k outputs of the model.
 */
import { concat, dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Task } from '../run/task.js';
import { asyncPasses, PendingOutput, throwingPromises } from './asyncModel.js';
import type { AsyncModel } from './asyncModel.js';
import type { BatchRunner } from './batchRunner.js';
import type { Model } from './model.js';

export interface Watch {
  /** Ends the run: an asynchronous model is told of it. */
  readonly signal: AbortSignal | undefined;
  /** The number of rows that the model has been run on so far. */
  rowsDone: number;
}

export class ForwardPasses {
  /** The model, whose promises are thrown. */
  readonly model: Model;
  /** Whether the model answers with promises; undefined until its first pass has shown it. */
  private isAsync: boolean | undefined;
  /** Whether a pass that is under way may find that out. */
  private mayWait = false;

  constructor(
    private readonly source: Model,
    private readonly runner: BatchRunner,
    private readonly watch: Watch,
  ) {
    const isWaiting = (): boolean => this.mayWait;
    this.model = throwingPromises(source, isWaiting, () => watch.signal);
  }

  /**
   * Computes results of rows [r, ...], pass by pass, and joins them.
   * @param pass computes them by the model, of rows `first` and on
   * @param read computes them of the outputs [r, k] of an asynchronous model
   */
  *over(
    rows: Tensor,
    pass: (part: Tensor, first: number) => Tensor[],
    read: (outputs: Tensor, first: number) => Tensor[],
  ): Task<Tensor[]> {
    let pending: PendingOutput | undefined;
    if (this.isAsync !== true) {
      try {
        return yield* this.runner.over(rows, (part, first) => this.attempt(pass, part, first));
      } catch (error) {
        if (!(error instanceof PendingOutput)) throw error;
        pending = error;
        this.isAsync = true;
      }
    }
    const run = {
      model: this.source as unknown as AsyncModel,
      rowsPerPass: this.runner.rowsPerPass,
      signal: this.watch.signal,
      onRows: (count: number): void => {
        this.watch.rowsDone += count;
      },
    };
    const passes = yield* asyncPasses(run, rows, pending, read);
    try {
      return passes[0]!.map((_, i) => concat(passes.map((results) => results[i]!)));
    } finally {
      dispose(passes);
    }
  }

  private attempt(
    pass: (part: Tensor, first: number) => Tensor[],
    part: Tensor,
    first: number,
  ): Tensor[] {
    this.mayWait = this.isAsync === undefined;
    try {
      const results = pass(part, first);
      this.isAsync = false;
      return results;
    } finally {
      this.mayWait = false;
    }
  }
}
