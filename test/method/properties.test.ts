// Oracle: laws that hold for any model, tried on random networks, images, batches and options.
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { smoothGrad, vanillaGradient } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';
import { expectClose } from './expectClose.js';
import {
  always,
  classes,
  CLASSES,
  counts,
  factors,
  images,
  network,
  options,
  seeds,
  TOLERANCE,
} from './laws.js';

describeOnEachBackend('laws of the gradient', () => {
  test('images of a batch do not depend on each other, nor on their order', () => {
    always([seeds, counts, classes], (seed, count, c) => {
      const x = images(count + 1, seed);
      const together = vanillaGradient(network(seed), x, c);
      expectClose(
        vanillaGradient(network(seed), tf.reverse(x, 0), c),
        tf.reverse(together, 0).dataSync(),
        TOLERANCE,
      );
      expectClose(
        vanillaGradient(network(seed), tf.slice(x, 0, count), c),
        tf.slice(together, 0, count).dataSync(),
        TOLERANCE,
      );
    });
  });

  test('it is linear in the score', () => {
    always([seeds, classes, classes, factors, factors], (seed, a, b, s, t) => {
      const [f, x] = [network(seed), images(2, seed)];
      const column = (outputs: tf.Tensor, c: number) =>
        tf.squeeze(tf.slice(outputs, [0, c], [-1, 1]), [1]);
      const score = (y: tf.Tensor) =>
        tf.add(tf.mul(column(y, a), s), tf.mul(tf.square(column(y, b)), t));
      const squared = vanillaGradient(f, x, b, { score: (y) => tf.square(column(y, b)) });
      const expected = tf.add(tf.mul(vanillaGradient(f, x, a), s), tf.mul(squared, t));
      // Opposite terms may cancel: the tolerance is relative to them, not to their sum.
      const difference = tf.sub(vanillaGradient(f, x, a, { score }), expected);
      const scale = tf.max(tf.add(tf.abs(expected), tf.abs(squared))).dataSync()[0]!;
      expect(tf.max(tf.abs(difference)).dataSync()[0]!).toBeLessThanOrEqual(
        TOLERANCE * Math.max(scale, 1) * 10,
      );
    });
  });

  test('for one class and against another: the difference of their gradients', () => {
    always([seeds, classes, fc.integer({ min: 1, max: CLASSES - 1 })], (seed, a, further) => {
      const [f, x, b] = [network(seed), images(2, seed), (a + further) % CLASSES];
      const expected = tf.sub(vanillaGradient(f, x, a), vanillaGradient(f, x, b));
      expectClose(vanillaGradient(f, x, { for: a, against: b }), expected.dataSync(), TOLERANCE);
    });
  });

  test('probabilities add up to 1, so that their gradients add up to 0', () => {
    always([seeds], (seed) => {
      const softmax = (x: tf.Tensor) => tf.softmax(network(seed)(x));
      const all = vanillaGradient(softmax, images(1, seed), [[0, 1, 2, 3]], { score: 'output' });
      const scale = tf.max(tf.abs(all)).dataSync()[0]!;
      expect(tf.max(tf.abs(tf.sum(all, 0))).dataSync()[0]!).toBeLessThan(TOLERANCE * scale);
    });
  });

  test('an input in another unit has a gradient in that unit: of f(k x), k times that of f at k x', () => {
    always([seeds, classes, fc.constantFrom(0.25, 2, 8)], (seed, c, k) => {
      const [f, x] = [network(seed), images(2, seed)];
      const expected = tf.mul(vanillaGradient(f, tf.mul(x, k), c), k);
      expectClose(
        vanillaGradient((y) => f(tf.mul(y, k)), x, c),
        expected.dataSync(),
        TOLERANCE,
      );
    });
  });
});

describeOnEachBackend('laws of SmoothGrad', () => {
  test('variance = mean square - mean^2', () => {
    always([seeds, classes, options], (seed, c, chosen) => {
      const map = (statistic: 'mean' | 'meanSquare' | 'variance') =>
        smoothGrad(network(seed), images(2, seed), c, { ...chosen, statistic });
      const square = map('meanSquare');
      const expected = tf.sub(square, tf.square(map('mean')));
      const scale = tf.max(square).dataSync()[0]!;
      expect(tf.max(tf.abs(tf.sub(map('variance'), expected))).dataSync()[0]!).toBeLessThan(
        TOLERANCE * scale,
      );
    });
  });

  test('|mean| <= mean of |g| <= root of the mean square', () => {
    always([seeds, classes, options], (seed, c, chosen) => {
      const map = (statistic: 'mean' | 'meanAbs' | 'meanSquare') =>
        smoothGrad(network(seed), images(2, seed), c, { ...chosen, statistic });
      const least = (larger: tf.Tensor, smaller: tf.Tensor) =>
        tf.min(tf.sub(larger, smaller)).dataSync()[0]!;
      const absolute = map('meanAbs');
      const rounding = TOLERANCE * tf.max(absolute).dataSync()[0]!;
      expect(least(absolute, tf.abs(map('mean')))).toBeGreaterThan(-rounding);
      expect(least(tf.sqrt(map('meanSquare')), absolute)).toBeGreaterThan(-rounding);
    });
  });

  test('the batch size does not matter', () => {
    always([seeds, classes, options], (seed, c, chosen) => {
      const expected = smoothGrad(network(seed), images(3, seed), c, { ...chosen, batchSize: 64 });
      expectClose(
        smoothGrad(network(seed), images(3, seed), c, chosen),
        expected.dataSync(),
        TOLERANCE,
      );
    });
  });

  test('a model that moves its input back sees the same noise: f(x + d) at x - d', () => {
    always([seeds, classes, options], (seed, c, chosen) => {
      const [f, x] = [network(seed), images(2, seed)];
      const moved = smoothGrad((y) => f(tf.add(y, 0.5)), tf.sub(x, 0.5), c, chosen);
      expectClose(moved, smoothGrad(f, x, c, chosen).dataSync(), TOLERANCE);
    });
  });
});
