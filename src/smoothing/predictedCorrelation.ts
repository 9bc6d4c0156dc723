/**
 * Predicts the correlation of a map with the one of infinitely many samples, by split halves.
 *
 * With r the correlation of the statistics of the odd and of the even samples over all pixels and
 * channels, it is sqrt(2 r / (1 + r)) (Spearman 1910 and Brown 1910, applied to maps).
 *
 * The arguments are in the same unit; a common factor such as 1 / size does not matter.
 * @param deviations the product of their standard deviations
 * @param distance the sum of the squares of their difference
 */
export function predictedCorrelation(
  covariance: number,
  deviations: number,
  distance: number,
): number {
  // Halves without any variation agree exactly or not at all.
  if (deviations === 0) return distance === 0 ? 1 : 0;
  const r = Math.min(1, covariance / deviations);
  return r > 0 ? Math.sqrt((2 * r) / (1 + r)) : 0;
}

/** Predicts the correlation of each of `maps` maps, by the values of its two halves. */
export function reliabilitiesOf(even: Float64Array, odd: Float64Array, maps: number): number[] {
  const size = even.length / maps;
  return Array.from({ length: maps }, (_, map) => {
    const { covariance, deviations, distance } = momentsOf(even, odd, map * size, size);
    return predictedCorrelation(covariance, deviations, distance);
  });
}

/** Computes the correlation of `size` numbers from `start`; of numbers that do not vary, 1 or 0. */
export function correlationOf(
  a: Float64Array,
  b: Float64Array,
  start: number,
  size: number,
): number {
  const { covariance, deviations, distance } = momentsOf(a, b, start, size);
  if (deviations === 0) return distance === 0 ? 1 : 0;
  return Math.min(1, covariance / deviations);
}

/** Sums up what {@link predictedCorrelation} needs. */
function momentsOf(
  a: Float64Array,
  b: Float64Array,
  start: number,
  size: number,
): { covariance: number; deviations: number; distance: number } {
  const [meanA, meanB] = [meanOf(a, start, size), meanOf(b, start, size)];
  let [covariance, squaresA, squaresB, distance] = [0, 0, 0, 0];
  for (let i = start; i < start + size; i++) {
    const [x, y] = [a[i]! - meanA, b[i]! - meanB];
    covariance += x * y;
    squaresA += x * x;
    squaresB += y * y;
    distance += (a[i]! - b[i]!) ** 2;
  }
  return { covariance, deviations: Math.sqrt(squaresA) * Math.sqrt(squaresB), distance };
}

function meanOf(values: Float64Array, start: number, size: number): number {
  let sum = 0;
  for (let i = start; i < start + size; i++) sum += values[i]!;
  return sum / size;
}

/**
 * Predicts after how many samples a run of at most `total` ends, by its reliability so far.
 *
 * With R after N samples, a sample's share of signal is R^2 / (1 - R^2) / N (Spearman and Brown).
 */
export function samplesNeeded(
  done: number,
  total: number,
  reliability: number,
  until: number | undefined,
): number {
  if (until === undefined) return total;
  const odds = (r: number): number => r ** 2 / (1 - r ** 2);
  const needed = reliability >= until ? done : Math.ceil((done * odds(until)) / odds(reliability));
  return Math.min(total, needed);
}
