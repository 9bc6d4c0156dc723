/** Small systems of linear equations, in double precision on the host. */

/** Relative to the mean of the diagonal; an undetermined system gets its least-norm solution. */
const JITTER = 1e-10;

/**
 * Solves A X = B for a symmetric positive semidefinite matrix, by Cholesky's decomposition.
 * @param matrix A, n rows of n numbers, row by row; overwritten
 * @param sides the columns of B, n numbers each
 */
export function solve(matrix: Float64Array, sides: readonly Float64Array[]): Float64Array[] {
  const n = Math.sqrt(matrix.length);
  let trace = 0;
  for (let i = 0; i < n; i++) trace += matrix[i * n + i]!;
  const jitter = trace === 0 ? 1 : (JITTER * trace) / n;
  for (let i = 0; i < n; i++) {
    matrix[i * n + i]! += jitter;
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i * n + k]! * matrix[j * n + k]!;
      matrix[i * n + j] = i === j ? Math.sqrt(Math.max(sum, jitter)) : sum / matrix[j * n + j]!;
    }
  }
  return sides.map((side) => {
    const x = side.slice();
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) x[i]! -= matrix[i * n + k]! * x[k]!;
      x[i]! /= matrix[i * n + i]!;
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let k = i + 1; k < n; k++) x[i]! -= matrix[k * n + i]! * x[k]!;
      x[i]! /= matrix[i * n + i]!;
    }
    return x;
  });
}
