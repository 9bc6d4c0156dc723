import { uniformNumbers } from './random.js';

/** Makes the uniform numbers of one stream of a seed, such as those of a sample, by its number. */
export function uniformStream(seed: number, stream: number): () => number {
  return uniformNumbers(mixed(mixed(seed ^ 0x9e3779b9) ^ Math.imul(stream + 1, 0x85ebca6b)));
}

/** The finalizer of MurmurHash3: every bit of the result depends on every bit of the number. */
function mixed(number: number): number {
  let hash = number;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
