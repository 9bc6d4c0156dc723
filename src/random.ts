/** Random numbers for plain arrays: the same for a seed on every machine and backend. */

/** Makes a generator of uniform numbers in [0, 1), Tommy Ettinger's mulberry32. */
export function uniformNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Makes a generator of normal numbers, of mean 0 and deviation 1, by Box and Muller. */
export function normalNumbers(seed: number): () => number {
  const uniform = uniformNumbers(seed);
  // 1 - u is never 0, whose logarithm is infinite.
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Draws the numbers 0 to `count - 1` in a random order, by Fisher and Yates. */
export function permutation(count: number, uniform: () => number): Int32Array<ArrayBuffer> {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
