// Oracles: Shapley values over all subsets by brute force and their axioms; the coefficients of
// additive models; the law that a permutation of segments permutes the map.
import * as tf from '@tensorflow/tfjs-core';
import { kernelShap, lime } from 'tfjs-saliency';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';
import { expectClose } from '../method/expectClose.js';
import { expectError } from '../method/expectError.js';
import { stepsOf } from '../method/stepsOf.js';
import { additive, random, shares } from './additive.js';

/** Pairs of features that work together, and one alone: x0 x1 + 2 x2 x3 - x4 + x0 x1 x2 x3. */
const game = (x: tf.Tensor): tf.Tensor => {
  const [a, b, c, d, e] = tf.split(x, x.shape[1]!, 1) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const [ab, cd] = [tf.mul(a, b), tf.mul(c, d)];
  return tf.add(tf.sub(tf.add(ab, tf.mul(2, cd)), e), tf.mul(ab, cd));
};

const gameOf = ([a, b, c, d, e]: number[]): number =>
  a! * b! + 2 * c! * d! - e! + a! * b! * c! * d!;

/** The mean of what a feature adds, over all orders of the features. */
function shapley(x: number[], value: (x: number[]) => number): number[] {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const n = x.length;
  return x.map((_, feature) => {
    let total = 0;
    for (let subset = 0; subset < 2 ** n; subset++) {
      if ((subset >> feature) & 1) continue;
      const kept = x.map((each, i) => ((subset >> i) & 1 ? each : 0));
      const size = kept.filter((_, i) => (subset >> i) & 1).length;
      const weight = (factorial(size) * factorial(n - size - 1)) / factorial(n);
      const added = kept.map((each, i) => (i === feature ? x[i]! : each));
      total += weight * (value(added) - value(kept));
    }
    return total;
  });
}

const X = [0.7, -1.2, 0.4, 2, 1.1, 0.9];

describeOnEachBackend('kernelShap', () => {
  const x = () => tf.tensor2d([X]);

  test('is exact where all subsets are no more than samples: Shapley values by brute force', () => {
    const map = kernelShap(game, x(), 0, { samples: 62, batchSize: 16 });
    expect(map.shape).toEqual([1, 6]);
    // The sixth feature is a dummy.
    expectClose(map, [...shapley(X.slice(0, 5), gameOf), 0], 1e-5);
  });

  test('samples add up to the score less that of the baseline, however few there are', () => {
    for (const samples of [2, 7, 30]) {
      const map = kernelShap(game, x(), 0, { samples, seed: 4 });
      expectClose(tf.sum(map), [gameOf(X)], 1e-5);
    }
  });

  test('samples come close to the exact values', () => {
    const row = random([1, 12], 5);
    const model = (input: tf.Tensor) =>
      tf.add(tf.sum(tf.square(input), 1, true), tf.prod(tf.slice(input, [0, 0], [-1, 2]), 1, true));
    const exact = kernelShap(model, row, 0, { samples: 4094, batchSize: 4094 });
    const map = kernelShap(model, row, 0, { samples: 600, seed: 2, batchSize: 600 });
    expectClose(map, exact.dataSync(), 0.05);
  });

  test('is symmetric: features that may be exchanged get the same', () => {
    const values = kernelShap(game, tf.tensor2d([[1, 1, 2, 2, 3]]), 0, { samples: 30 }).dataSync();
    expect(values[0]).toBeCloseTo(values[1]!, 5);
    expect(values[2]).toBeCloseTo(values[3]!, 5);
  });

  test('gives each pixel the value of its segment in a label map; a permutation permutes it', () => {
    const v = random([4, 4, 3], 1);
    const image = random([1, 4, 4, 3], 2);
    const labels = [0, 0, 5, 5, 0, 0, 5, 5, 2, 2, 2, 2, 9, 9, 2, 2];
    const parts = shares(v, image, 0.2);
    const sumOf = (label: number) =>
      labels.reduce(
        (sum, each, i) =>
          sum + (each === label ? parts[3 * i]! + parts[3 * i + 1]! + parts[3 * i + 2]! : 0),
        0,
      );
    const map = kernelShap(additive(v), image, 0, {
      segments: tf.tensor2d(labels, [4, 4], 'int32'),
      baseline: 0.2,
    });
    expect(map.shape).toEqual([1, 4, 4, 1]);
    expectClose(map, labels.map(sumOf), 1e-5);
    const renamed = labels.map((label) => 10 - label);
    const again = kernelShap(additive(v), image, 0, {
      segments: tf.tensor2d(renamed, [4, 4], 'int32'),
      baseline: 0.2,
    });
    expectClose(again, map.dataSync(), 1e-5);
  });

  test('steps and until, and the same asynchronously', async () => {
    const options = { samples: 40, seed: 1, segments: 6 };
    const row = random([1, 9], 5);
    const steps = await stepsOf(
      kernelShap.steps(game, row, 0, { ...options, samples: undefined, at: [30, 40] }),
    );
    expect(steps.map(({ done }) => done)).toEqual([30, 40]);
    expect(steps[1]!.reliability).toBeGreaterThan(0);
    const map = await kernelShap.async(game, row, 0, options);
    expectClose(map, kernelShap(game, row, 0, options).dataSync(), 1e-6);
    expectClose(steps[1]!.map, map.dataSync(), 1e-6);
  });

  test('leaves nothing behind, and refuses a label map of another shape', () => {
    const image = random([1, 6, 6, 3], 2);
    const model = (rows: tf.Tensor) => tf.sum(rows, [1, 2]);
    expectNoLeak(() => kernelShap(model, image, 'argmax', { segments: 4, samples: 6 }));
    expectError(
      () => kernelShap(model, image, 0, { segments: tf.zeros([3, 6]) }),
      RangeError,
      "kernelShap: segments must be of shape [6, 6], the input's places, got a tensor of shape [3, 6]",
    );
    expectError(
      () => kernelShap(model, image, 0, { segments: [[0]] as never }),
      TypeError,
      'kernelShap: segments must be a number, or a tensor of labels, got [[0]]',
    );
  });
});

describeOnEachBackend('lime', () => {
  test('of an additive model: its coefficients, drawn or of all subsets', () => {
    const v = random([9], 1);
    const row = random([1, 9], 2);
    for (const samples of [60, 512])
      expectClose(
        lime(additive(v), row, 0, { samples, baseline: -0.3, batchSize: 64 }),
        shares(v, row, -0.3),
        1e-4,
      );
  });

  test('a ridge shrinks the coefficients to 0', () => {
    const v = random([5], 1);
    const row = random([1, 5], 2);
    const length = (ridge: number) =>
      tf.norm(lime(additive(v), row, 0, { samples: 32, ridge })).dataSync()[0]!;
    expect(length(1)).toBeLessThan(length(0));
    expect(length(1e9)).toBeLessThan(1e-6);
  });

  test('of one feature that works alone: the difference it makes, close to the whole', () => {
    // With all subsets of two features a, b and y = a b: the weighted least squares by hand.
    const product = (x: tf.Tensor) => tf.prod(x, 1, true);
    const near = Math.exp(-(((1 - Math.SQRT1_2) / 0.25) ** 2) / 2);
    // Samples (1,1) of weight 1, (1,0), (0,1) of weight `near`, (0,0) of weight `far`; y = 1 at the
    // first only. By symmetry both coefficients are b, the intercept a: two normal equations.
    const far = Math.exp(-16 / 2);
    const [s0, s1, s2] = [1 + 2 * near + far, 2 + 2 * near, 4 + 2 * near];
    const b = (2 * s0 - s1) / (s0 * s2 - s1 * s1);
    expectClose(lime(product, tf.ones([1, 2]), 0, { samples: 4 }), [b, b], 1e-5);
  });
});
