/** A generator of random numbers whose streams a seed and a whole number choose. */

/**
 * Generates random numbers by xoshiro128** (https://prng.di.unimi.it/xoshiro128starstar.c).
 *
 * Whole numbers only, so that all machines agree to the bit.
 */
export class Random {
  private readonly state: Int32Array;
  private readonly single = new Int32Array(1);

  /**
   * @param seed 0 to 2^32 - 1
   * @param stream 0 to 2^30 - 1; neighbouring streams are as independent as any others
   */
  constructor(seed: number, stream: number) {
    const key = mix(seed + 1);
    this.state = Int32Array.from({ length: 4 }, (_, i) => mix(mix(4 * stream + i) ^ key));
  }

  /** Fills an array with random bits. */
  fill(bits: Int32Array): void {
    const { state } = this;
    let [a, b, c, d] = [state[0]!, state[1]!, state[2]!, state[3]!];
    for (let i = 0; i < bits.length; i++) {
      bits[i] = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9);
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = rotateLeft(d, 11);
    }
    state[0] = a;
    state[1] = b;
    state[2] = c;
    state[3] = d;
  }

  /** Draws 32 random bits, as a signed integer. */
  bits(): number {
    this.fill(this.single);
    return this.single[0]!;
  }

  /** Draws a number between 0 and 1, both excluded. */
  uniform(): number {
    return ((this.bits() >>> 0) + 0.5) * 2 ** -32;
  }
}

/** Fills an array with numbers spread evenly from -bound to bound. */
export function fillUniform(numbers: Float32Array, random: Random, bound: number): void {
  for (let i = 0; i < numbers.length; i++) numbers[i] = bound * (2 * random.uniform() - 1);
}

const rotateLeft = (bits: number, count: number): number => (bits << count) | (bits >>> -count);

/** Maps 32 bits one to one to others: the finalizer of MurmurHash3. */
function mix(bits: number): number {
  let h = bits | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
