import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * Expects each number within `tolerance` of its oracle, relative to the greatest of the oracle's
 * numbers: that is the scale of float32's errors, because a small derivative is a sum of large
 * ones.
 */
export function expectClose(actual: Tensor, expected: ArrayLike<number>, tolerance = 2e-6): void {
  const scale = Math.max(...Array.from(expected, Math.abs));
  expectWithin(
    actual,
    expected,
    Array.from(expected, () => tolerance * scale),
  );
}

/** Expects each number within its own bound of its oracle. */
export function expectWithin(
  actual: Tensor,
  expected: ArrayLike<number>,
  bounds: readonly number[],
): void {
  const values = actual.dataSync();
  expect(values).toHaveLength(expected.length);
  const wrong = Array.from(values, (value, i) => ({
    i,
    value,
    expected: expected[i]!,
    bound: bounds[i]!,
  })).filter((each) => !(Math.abs(each.value - each.expected) <= each.bound));
  expect(wrong).toEqual([]);
}
