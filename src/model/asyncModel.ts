/**
 * Models that answer later: a remote service, ONNX, a graph with control flow.
 *
 * Letters: r rows of a batch, k outputs of the model.
 */
import { keep, slice, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { isTensor, wrongType } from '../checks.js';
import { abortable } from '../run/abort.js';
import { awaited } from '../run/task.js';
import type { Task } from '../run/task.js';
import type { Model, ModelFunction, ModelOutput, PredictModel, TensorSpec } from './model.js';

/**
 * Computes a batch of outputs [r, k] from a batch of inputs, now or later.
 *
 * It gets one row at a time, unless `batchSize` is given, and the signal that the run was started
 * with. The library frees the batch as soon as the promise is settled, and the tensor it resolves
 * to.
 */
export interface AsyncModel {
  (
    batch: Tensor,
    options: { readonly signal: AbortSignal | undefined },
  ): ModelOutput | Promise<Tensor | readonly ArrayLike<number>[]>;
  readonly inputs?: readonly TensorSpec[];
}

/** What methods take that need no gradient. */
export type AnyModel = PredictModel | AsyncModel;

/** The answer that a model has not given yet, with its input, which is kept. */
export class PendingOutput {
  constructor(
    readonly input: Tensor,
    readonly output: Promise<unknown>,
  ) {}
}

/** Makes a model throw the promise that it answers with, if it may. */
export function throwingPromises(
  model: AnyModel,
  mayWait: () => boolean,
  signal: () => AbortSignal | undefined,
): Model {
  if (typeof model !== 'function') return model;
  return (input) => {
    const output: unknown = model(input, { signal: signal() });
    if (mayWait() && isPromise(output)) throw new PendingOutput(keep(input), output);
    return output as ReturnType<ModelFunction>;
  };
}

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof (value as Partial<Promise<unknown>> | null | undefined)?.then === 'function';

/** What is done with the rows of an asynchronous model. */
export interface AsyncPasses {
  readonly model: AsyncModel;
  readonly rowsPerPass: number;
  readonly signal: AbortSignal | undefined;
  onRows(count: number): void;
}

/**
 * Asks for the outputs of consecutive rows, pass after pass.
 * @param pending the first answer, if it was asked for already
 * @param use called in a tidy with each pass's outputs and the number of its first row
 */
export function* asyncPasses(
  { model, rowsPerPass, signal, onRows }: AsyncPasses,
  rows: Tensor,
  pending: PendingOutput | undefined,
  use: (outputs: Tensor, first: number) => Tensor[],
): Task<Tensor[][]> {
  const total = rows.shape[0]!;
  const results: Tensor[][] = [];
  for (let first = 0, next = pending; first < total; next = undefined) {
    const input = next?.input ?? keep(rowsFrom(rows, first, rowsPerPass));
    const count = input.shape[0]!;
    const output = next?.output ?? Promise.resolve(model(input, { signal }) as unknown);
    let value: unknown;
    let isSettled = false;
    try {
      value = yield* awaited(abortable(output, signal));
      isSettled = true;
    } finally {
      if (input !== rows) input.dispose();
      if (!isSettled) void output.then(disposeLate, () => undefined);
    }
    try {
      const begin = first;
      results.push(tidy(() => use(outputsOf(value, count), begin).map((each) => keep(each))));
    } finally {
      disposeLate(value);
    }
    onRows(count);
    first += count;
  }
  return results;
}

function rowsFrom(rows: Tensor, first: number, greatest: number): Tensor {
  const count = Math.min(greatest, rows.shape[0]! - first);
  return slice(rows, [first, ...rows.shape.slice(1).map(() => 0)], [count, ...rows.shape.slice(1)]);
}

/** Frees the tensor that a model has answered with. */
function disposeLate(value: unknown): void {
  if (isTensor(value)) value.dispose();
}

/** @throws TypeError for an answer that is neither a tensor nor rows of numbers */
function outputsOf(value: unknown, rows: number): Tensor {
  if (isTensor(value)) return value;
  const isRows =
    Array.isArray(value) &&
    value.length === rows &&
    value.every(
      (row: unknown) =>
        (Array.isArray(row) || ArrayBuffer.isView(row)) &&
        (row as number[]).length === (value[0] as number[]).length,
    );
  if (isRows) return tensor2d((value as number[][]).map((row) => Array.from(row)));
  const expected = `a promise of a tensor, or of ${rows} row${rows === 1 ? '' : 's'} of numbers`;
  throw wrongType("the model's output", expected, value);
}
