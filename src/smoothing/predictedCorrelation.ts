/**
 * How far a running map has converged, by split halves: with r the correlation of the statistics of
 * the odd and of the even samples over all pixels and channels, sqrt(2 r / (1 + r)) predicts the
 * correlation of the whole map with the one of infinitely many samples (Spearman 1910 and Brown
 * 1910, applied to maps).
 *
 * All three of the two halves, in the same unit or without 1 / size.
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
