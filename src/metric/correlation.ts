/** Correlations of two lists of numbers. */

/** Computes Pearson's correlation; NaN where a list does not vary. */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const count = a.length;
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [u, v] = [a[i]! - meanA, b[i]! - meanB];
    ab += u * v;
    aa += u * u;
    bb += v * v;
  }
  return ab / Math.sqrt(aa * bb);
}

/** Computes Spearman's correlation, as scipy does: equal numbers get the mean of their ranks. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return pearson(ranks(a), ranks(b));
}

/** Ranks numbers from the least, 1; equal numbers get the mean of their ranks. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Int32Array.from({ length: values.length }, (_, i) => i);
  order.sort((i, j) => values[i]! - values[j]!);
  const result = new Float64Array(values.length);
  for (let first = 0; first < order.length;) {
    let end = first + 1;
    while (end < order.length && values[order[end]!] === values[order[first]!]) end++;
    for (let i = first; i < end; i++) result[order[i]!] = (first + 1 + end) / 2;
    first = end;
  }
  return result;
}

export const meanOf = (values: ArrayLike<number>): number => sumOf(values) / values.length;

const sumOf = (values: ArrayLike<number>): number =>
  Float64Array.from(values).reduce((sum, value) => sum + value, 0);

/** Computes the standard error of the mean of independent numbers; 0 for one. */
export function standardErrorOf(values: ArrayLike<number>): number {
  const mean = meanOf(values);
  const squares = sumOf(Float64Array.from(values, (value) => (value - mean) ** 2));
  const freedom = Math.max(1, values.length - 1);
  return Math.sqrt(squares / freedom / values.length);
}
