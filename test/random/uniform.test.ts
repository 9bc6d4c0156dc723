// Oracle: the moments of uniform numbers, within five standard errors.
import { uniformNumbers } from '../../src/random/uniform.js';

const COUNT = 20000;

test('a stream is uniform, and the first numbers of many streams are so too', () => {
  const stream = uniformNumbers(5, 0);
  const one = Array.from({ length: COUNT }, () => stream());
  const first = Array.from({ length: COUNT }, (_, i) => uniformNumbers(5, i)());
  for (const values of [one, first]) {
    const mean = values.reduce((sum, value) => sum + value, 0) / COUNT;
    const square = values.reduce((sum, value) => sum + value ** 2, 0) / COUNT;
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / COUNT));
    expect(Math.abs(square - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / COUNT));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
  }
});

test('neighbouring streams and seeds have nothing to do with each other', () => {
  for (const [seed, stream] of [
    [5, 1],
    [6, 0],
  ] as const) {
    const [a, b] = [uniformNumbers(5, 0), uniformNumbers(seed, stream)];
    let covariance = 0;
    for (let i = 0; i < COUNT; i++) covariance += ((a() - 0.5) * (b() - 0.5)) / COUNT;
    expect(Math.abs(covariance)).toBeLessThan((5 * (1 / 12)) / Math.sqrt(COUNT));
  }
});

test('the same seed and stream give the same numbers', () => {
  const draw = () => Array.from({ length: 5 }, uniformNumbers(2 ** 32 - 1, 2 ** 20));
  expect(draw()).toEqual(draw());
});
