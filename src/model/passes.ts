/** Long batches in passes of the size that the model and the memory take. */
import { concat, slice, tidy, tile } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Rows `first` ... `first + count - 1` along the first axis. */
export function rowsOf(x: Tensor, first: number, count: number): Tensor {
  if (first === 0 && count === x.shape[0]) return x;
  const begin = x.shape.map((_, axis) => (axis === 0 ? first : 0));
  return slice(x, begin, [count, ...x.shape.slice(1)]);
}

export interface PassSize {
  /** The greatest number of rows. */
  readonly batchSize: number;
  /** The only number of rows that a model takes which was converted with a fixed batch. */
  readonly fixed: number | undefined;
}

/**
 * Calls `run` with consecutive rows of `x` and joins each of its results along the first axis.
 * @param run gets the rows and the number of the first one; its results have one row each
 */
export function inPasses(
  x: Tensor,
  { batchSize, fixed }: PassSize,
  run: (rows: Tensor, first: number) => Tensor[],
): Tensor[] {
  const total = x.shape[0]!;
  const size = fixed ?? batchSize;
  return tidy(() => {
    const passes: Tensor[][] = [];
    for (let first = 0; first < total; first += size) {
      const count = Math.min(size, total - first);
      const missing = fixed === undefined ? 0 : size - count;
      passes.push(
        tidy(() => {
          const rows = rowsOf(x, first, count);
          if (missing === 0) return run(rows, first);
          return run(repeatLast(rows, missing), first).map((result) => rowsOf(result, 0, count));
        }),
      );
    }
    const [only] = passes;
    return passes.length === 1 ? only! : only!.map((_, i) => concat(passes.map((results) => results[i]!), 0)); // prettier-ignore
  });
}

/** A fixed batch has to be full; what is computed for the repeated row is dropped. */
function repeatLast(rows: Tensor, times: number): Tensor {
  const last = rowsOf(rows, rows.shape[0]! - 1, 1);
  return concat([rows, tile(last, [times, ...last.shape.slice(1).map(() => 1)])], 0);
}
