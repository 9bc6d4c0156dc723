import { Random } from './random.js';

/**
 * Makes a generator of numbers between 0 and 1, both excluded.
 * @param stream such as the number of a sample; see {@link Random}
 */
export function uniformNumbers(seed: number, stream = 0): () => number {
  const random = new Random(seed, stream);
  return () => random.uniform();
}
