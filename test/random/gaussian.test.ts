// Oracle: the moments, the distribution function and the tails of the normal distribution, and the
// chi-squared and correlation statistics of independent numbers; 5 standard errors each.
import { fillGaussian } from '../../src/random/gaussian.js';
import { fillUniform, Random } from '../../src/random/random.js';

const SIZE = 50_000;
const SAMPLES = 8;
const noise = (seed: number, stream: number, size = SIZE): Float32Array => {
  const numbers = new Float32Array(size);
  fillGaussian(numbers, new Random(seed, stream));
  return numbers;
};
const all = Array.from({ length: SAMPLES }, (_, stream) => noise(1, stream));
const count = SIZE * SAMPLES;
const meanOf = (f: (x: number, i: number) => number): number =>
  all.reduce((sum, numbers) => numbers.reduce((s, x, i) => s + f(x, i), sum), 0) / count;

/** The distribution function, to 1.5e-7 (Abramowitz and Stegun 7.1.26). */
function distribution(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const coefficients = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  const erfc = coefficients.reduce((sum, c) => (sum + c) * t, 0) * Math.exp(-z * z);
  return x < 0 ? erfc / 2 : 1 - erfc / 2;
}

describe('Gaussian numbers', () => {
  test.each([
    [1, 0, 1],
    [2, 1, 2],
    [3, 0, 15],
    [4, 3, 96],
    [6, 15, 10_170],
  ])('have the moment %d', (power, expected, variance) => {
    const error = Math.sqrt(variance / count);
    expect(Math.abs(meanOf((x) => x ** power) - expected)).toBeLessThan(5 * error);
  });

  test('are at a Kolmogorov distance from the normal distribution that chance explains', () => {
    const sorted = new Float32Array(count);
    all.forEach((numbers, i) => sorted.set(numbers, i * SIZE));
    sorted.sort();
    let distance = 0;
    sorted.forEach((x, i) => {
      distance = Math.max(distance, Math.abs(distribution(x) - (i + 0.5) / count));
    });
    // Exceeded with a probability of 1e-5.
    expect(distance).toBeLessThan(Math.sqrt(-Math.log(0.5e-5) / 2 / count));
  });

  test.each([
    [2, 0.04550026],
    [3, 0.002699796],
    [3.6541528853610088, 0.000258034],
    [4, 6.33425e-5],
  ])('lie beyond %d deviations as often as they should, on each side', (bound, probability) => {
    for (const sign of [-1, 1]) {
      const beyond = meanOf((x) => (sign * x > bound ? 1 : 0));
      const error = Math.sqrt(probability / 2 / count);
      expect(Math.abs(beyond - probability / 2)).toBeLessThan(5 * error);
    }
  });

  test.each([1, 2, 3, 224, 3 * 224])('%d elements apart are not correlated', (lag) => {
    const products = (f: (x: number) => number) =>
      all.reduce((sum, numbers) => {
        for (let i = lag; i < SIZE; i++) sum += f(numbers[i]!) * f(numbers[i - lag]!);
        return sum;
      }, 0) / count;
    expect(Math.abs(products((x) => x))).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(products((x) => x * x - 1))).toBeLessThan(10 / Math.sqrt(count));
  });

  const pairs: [string, [number, number], [number, number]][] = [
    ['neighbouring samples', [1, 0], [1, 1]],
    ['samples of neighbouring seeds', [1, 0], [2, 0]],
    ['the sample 1 of seed 0 and the sample 0 of seed 1', [0, 1], [1, 0]],
    ['samples a power of two apart', [5, 3], [5, 3 + 2 ** 19]],
    ['seeds that differ in the highest bit', [3, 7], [3 + 2 ** 31, 7]],
    ['the least and the greatest seed', [0, 0], [2 ** 32 - 1, 0]],
  ];
  test.each(pairs)('of %s are independent', (_, first, second) => {
    const [a, b] = [noise(...first), noise(...second)];
    const correlation = (f: (x: number) => number, shift = 0) =>
      a.reduce((sum, x, i) => sum + f(x) * f(b[(i + shift) % SIZE]!), 0) / SIZE;
    for (const shift of [0, 1, 4]) {
      expect(Math.abs(correlation((x) => x, shift))).toBeLessThan(5 / Math.sqrt(SIZE));
    }
    expect(Math.abs(correlation((x) => x * x - 1))).toBeLessThan(10 / Math.sqrt(SIZE));
    // Which of 8 equally likely intervals x lies in tells nothing about its partner's.
    const cell = (x: number) => Math.min(7, Math.floor(8 * distribution(x)));
    const counts = new Float64Array(64);
    a.forEach((x, i) => counts[8 * cell(x) + cell(b[i]!)]!++);
    const expected = SIZE / 64;
    const chiSquared = counts.reduce((sum, c) => sum + (c - expected) ** 2 / expected, 0);
    expect(chiSquared).toBeLessThan(63 + 5 * Math.sqrt(2 * 63));
  });

  test('depend on the seed and the stream alone, not on how many there are', () => {
    const few = noise(9, 4, 1500);
    expect(noise(9, 4, 1500)).toEqual(few);
    expect(noise(9, 4, 1024)).toEqual(few.slice(0, 1024));
  });
});

describe('the generator', () => {
  // The reference implementation's recurrence, in 64-bit integers.
  test('gives the numbers of xoshiro128**', () => {
    const random = new Random(1, 2);
    const { state } = random as unknown as { state: Int32Array };
    const mask = 0xffffffffn;
    const rotl = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & mask;
    const s = Array.from(state, (word) => BigInt(word >>> 0));
    for (let i = 0; i < 100; i++) {
      const expected = (rotl((s[1]! * 5n) & mask, 7n) * 9n) & mask;
      const t = (s[1]! << 9n) & mask;
      s[2]! ^= s[0]!;
      s[3]! ^= s[1]!;
      s[1]! ^= s[2]!;
      s[0]! ^= s[3]!;
      s[2]! ^= t;
      s[3] = rotl(s[3]!, 11n);
      expect(random.bits() >>> 0).toBe(Number(expected));
    }
  });

  test('sets each bit as often as not', () => {
    const bits = new Int32Array(100_000);
    new Random(3, 0).fill(bits);
    for (let bit = 0; bit < 32; bit++) {
      const ones = bits.reduce((sum, word) => sum + ((word >>> bit) & 1), 0);
      expect(Math.abs(ones - 50_000)).toBeLessThan(5 * Math.sqrt(25_000));
    }
  });

  test('spreads uniform numbers evenly between its bounds', () => {
    const numbers = new Float32Array(80_000);
    fillUniform(numbers, new Random(4, 1), 2);
    const counts = new Float64Array(16);
    numbers.forEach((x) => counts[Math.min(15, Math.floor(4 * (x + 2)))]!++);
    counts.forEach((c) => {
      expect(Math.abs(c - 5000)).toBeLessThan(5 * Math.sqrt(5000));
    });
  });
});
