/** Pearson's correlation of two maps over all their numbers. */
export function correlation(a: Float32Array, b: Float32Array): number {
  const [meanA, meanB] = [a, b].map((map) => map.reduce((sum, value) => sum + value, 0) / map.length) as [
    number,
    number,
  ];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [u, v] = [a[i]! - meanA, b[i]! - meanB];
    ab += u * v;
    aa += u * u;
    bb += v * v;
  }
  return ab / Math.sqrt(aa * bb);
}

/** The mean of maps of the same size, number by number. */
export function meanOf(maps: readonly Float32Array[]): Float32Array {
  return maps[0]!.map((_, i) => maps.reduce((sum, map) => sum + map[i]!, 0) / maps.length);
}

export function medianOf(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}
