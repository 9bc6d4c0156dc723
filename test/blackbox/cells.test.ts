// Oracles: Sobol's total indices of a linear model in closed form; HSIC by its definition with full
// matrices; the dummy axiom; the law that a permutation of cells permutes the map.
import * as tf from '@tensorflow/tfjs-core';
import { hsic, sobol } from 'tfjs-saliency';
import { describeOnEachBackend, describeOnWasm, expectNoLeak } from '../backends.js';
import { expectClose } from '../method/expectClose.js';
import { stepsOf } from '../method/stepsOf.js';
import { random } from './additive.js';

const A = [2, -1, 0, 0.5];
const linear = (x: tf.Tensor) => tf.sum(tf.mul(x, tf.tensor1d(A)), 1, true);
const ones = () => tf.ones([1, 4]);

describeOnWasm('sobol', () => {
  test('of a linear model of uniform masks: a_i^2 / sum a^2', () => {
    const squares = A.map((a) => a * a);
    const total = squares.reduce((sum, square) => sum + square, 0);
    const options = { samples: 4000, cells: 4, seed: 1, batchSize: 4096 };
    expectClose(
      sobol(linear, ones(), 0, options),
      squares.map((square) => square / total),
      0.06,
    );
  });

  test('of a product of two features: both have all of it but what one alone explains', () => {
    // f = u v on [0, 1]^2: Var = 7/144, V_u = V_v = 1/48, so the totals are 4/7.
    const product = (x: tf.Tensor) => tf.prod(x, 1, true);
    const options = { samples: 4000, cells: 2, seed: 2, batchSize: 4096 };
    expectClose(sobol(product, tf.ones([1, 2]), 0, options), [4 / 7, 4 / 7], 0.08);
  });
});

describeOnEachBackend('sobol and hsic', () => {
  const image = () => random([2, 8, 6, 3], 1);
  const weights = () => random([8, 6, 3], 2);
  const model = (x: tf.Tensor) =>
    tf.tidy(() => tf.reshape(tf.sin(tf.sum(tf.mul(x, weights()), [1, 2, 3])), [-1, 1]));
  const options = { samples: 5, cells: 2, seed: 3 };
  const METHODS = { sobol, hsic };

  test.each(Object.entries(METHODS))('%s is the same within each cell', (_, method) => {
    const map = method(model, image(), 0, options);
    expect(map.shape).toEqual([2, 8, 6, 1]);
    const values = map.arraySync() as number[][][][];
    for (const rows of values)
      rows.forEach((row, y) => {
        row.forEach(([value], x) => {
          expect(value).toBe(rows[y < 4 ? 0 : 4]![x < 3 ? 0 : 3]![0]);
        });
      });
  });

  test.each(Object.entries(METHODS))('%s of a model that never changes is 0', (_, method) => {
    const constant = (x: tf.Tensor) => tf.add(tf.mul(tf.sum(x, [1, 2]), 0), 3);
    expectClose(method(constant, image(), 0, options), new Float32Array(96));
  });

  test.each(Object.entries(METHODS))(
    '%s: asynchronous, in steps, of any batch size, leaving nothing',
    async (_, method) => {
      const x = image();
      const expected = method(model, x, 0, options).dataSync();
      expectClose(await method.async(model, x, 0, { ...options, batchSize: 7 }), expected, 1e-4);
      const { samples: __, ...rest } = options;
      const steps = await stepsOf(method.steps(model, x, 0, { ...rest, at: [2, 5] }));
      expectClose(steps[1]!.map, expected, 1e-6);
      expectNoLeak(() => method(model, x, 'argmax', options));
    },
  );

  test('hsic: tr(K H L H) / (n - 1)^2, with the matrices written out', () => {
    // The masks of a model that returns what it is given are seen by the model itself.
    const seen: number[][] = [];
    const watched = (x: tf.Tensor) => {
      const rows = x.arraySync() as number[][];
      seen.push(...rows);
      return linear(x);
    };
    const n = 12;
    const map = hsic(watched, ones(), 0, { samples: n, cells: 4, seed: 5 });
    const masks = seen.slice(-n);
    const scores = masks.map((mask) => mask.reduce((sum, kept, i) => sum + kept * A[i]!, 0));
    const distances = scores
      .flatMap((a, i) => scores.slice(0, i).map((b) => Math.abs(a - b)))
      .filter((distance) => distance > 1e-9)
      .sort((a, b) => a - b);
    const width = distances[distances.length >> 1]!;
    const matrix = (value: (a: number, b: number) => number) =>
      tf.tensor2d(scores.map((_, a) => scores.map((__, b) => value(a, b))));
    const l = matrix((a, b) => Math.exp(-(((scores[a]! - scores[b]!) / width) ** 2) / 2));
    const h = tf.sub(tf.eye(n), 1 / n) as tf.Tensor2D;
    const centered = tf.matMul(tf.matMul(h, l), h);
    const expected = A.map((_, i) => {
      const k = matrix((a, b) => 0.5 - (masks[a]![i]! - masks[b]![i]!) ** 2);
      return tf.sum(tf.mul(k, centered)).dataSync()[0]! / (n - 1) ** 2;
    });
    expectClose(map, expected, 1e-4);
  });

  test('hsic tells what matters from a dummy', () => {
    const values = hsic(linear, ones(), 0, { samples: 300, cells: 4, seed: 5 }).dataSync();
    expect(values[0]).toBeGreaterThan(values[1]!);
    expect(values[1]).toBeGreaterThan(3 * values[2]!);
  });
});
