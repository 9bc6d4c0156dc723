/** The structural similarity of two maps, over windows that lie inside. */

const WINDOW = 7;
const [K1, K2] = [0.01, 0.03];

/**
 * Computes the mean structural similarity, as skimage does by default: windows of 7 x 7 of equal
 * weights, sample covariances.
 *
 * Source: Wang et al.: Image Quality Assessment, IEEE TIP 2004
 *
 * @param a h w numbers in a range of length 1, row by row
 * @param b as a
 */
export function ssim(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  height: number,
  width: number,
): number {
  const [rows, columns] = [Math.min(WINDOW, height), Math.min(WINDOW, width)];
  const count = rows * columns;
  const means = (value: (i: number) => number): Float64Array =>
    windowSums(value, { height, width, rows, columns }).map((sum) => sum / count);
  const [meanA, meanB] = [means((i) => a[i]!), means((i) => b[i]!)];
  const [meanAA, meanBB] = [means((i) => a[i]! ** 2), means((i) => b[i]! ** 2)];
  const meanAB = means((i) => a[i]! * b[i]!);
  const unbiased = count / Math.max(1, count - 1);
  const similarities = meanA.map((u, i) => {
    const v = meanB[i]!;
    const [varianceA, varianceB] = [meanAA[i]! - u * u, meanBB[i]! - v * v];
    const covariance = unbiased * (meanAB[i]! - u * v);
    const spread = unbiased * (varianceA + varianceB);
    return (
      ((2 * u * v + K1 ** 2) * (2 * covariance + K2 ** 2)) /
      ((u * u + v * v + K1 ** 2) * (spread + K2 ** 2))
    );
  });
  return similarities.reduce((sum, value) => sum + value, 0) / similarities.length;
}

interface Windows {
  readonly height: number;
  readonly width: number;
  readonly rows: number;
  readonly columns: number;
}

/** Sums each window that lies inside, from a table of the sums above and to the left. */
function windowSums(
  value: (i: number) => number,
  { height, width, rows, columns }: Windows,
): Float64Array {
  const stride = width + 1;
  const table = new Float64Array((height + 1) * stride);
  for (let y = 0; y < height; y++) {
    let line = 0;
    for (let x = 0; x < width; x++) {
      line += value(y * width + x);
      table[(y + 1) * stride + x + 1] = table[y * stride + x + 1]! + line;
    }
  }
  const across = width - columns + 1;
  return Float64Array.from({ length: (height - rows + 1) * across }, (_, i) => {
    const [top, left] = [Math.floor(i / across) * stride, i % across];
    const bottom = top + rows * stride;
    const right = left + columns;
    return (
      table[bottom + right]! - table[top + right]! - table[bottom + left]! + table[top + left]!
    );
  });
}
