// Oracle: laws that hold for any model, tried on random networks, shapes, batches, orders of images
// and options.
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import type { Model, SmoothGradOptions } from 'tfjs-saliency';
import { integratedGradients, smooth, smoothGrad } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';
import { expectClose } from './expectClose.js';
import {
  always,
  classes,
  CLASSES,
  factors,
  images,
  network,
  options,
  seeds,
  TOLERANCE,
} from './laws.js';

const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
const orders = fc
  .integer({ min: 1, max: 4 })
  .chain((count) =>
    fc.shuffledSubarray([...Array(count).keys()], { minLength: count, maxLength: count }),
  );
const statistics = fc.constantFrom('mean', 'meanAbs', 'meanSquare', 'variance');

/** Of laws that take many runs for each case. */
const FEWER = 12;

/** As a model that declares its input, so that its shape may have any rank. */
const modelOf = (seed: number, shape: number[]): Model => ({
  inputs: [{ shape: [null, ...shape] }],
  predict: network(seed),
});

const permuted = (x: tf.Tensor, order: number[]) => tf.gather(x, tf.tensor1d(order, 'int32'));

describeOnEachBackend('laws of SmoothGrad over shapes, batches and orders', () => {
  test('images in another order have their maps in that order, for every statistic', () => {
    always(
      [seeds, shapes, orders, options, statistics],
      (seed, shape, order, chosen, statistic) => {
        const [model, x] = [modelOf(seed, shape), images(order.length, seed, shape)];
        const all: SmoothGradOptions = { ...chosen, statistic };
        const map = smoothGrad(model, x, 'argmax', all);
        expect(map.shape).toEqual(x.shape);
        expectClose(
          smoothGrad(model, permuted(x, order), 'argmax', all),
          permuted(map, order).dataSync(),
          TOLERANCE,
        );
      },
      FEWER,
    );
  });

  test('an image alone, with or without batch dimension, has the map that it has among others', () => {
    always(
      [seeds, shapes, orders, options, statistics],
      (seed, shape, order, chosen, statistic) => {
        const [model, x, one] = [
          modelOf(seed, shape),
          images(order.length, seed, shape),
          order[0]!,
        ];
        const all: SmoothGradOptions = { ...chosen, statistic };
        const expected = tf.slice(smoothGrad(model, x, 'argmax', all), one, 1).dataSync();
        const alone = tf.slice(x, one, 1);
        expectClose(smoothGrad(model, alone, 'argmax', all), expected, TOLERANCE);
        const single = smoothGrad(model, tf.squeeze(alone, [0]), 'argmax', all);
        expect(single.shape).toEqual(shape);
        expectClose(single, expected, TOLERANCE);
      },
      FEWER,
    );
  });

  test('the batch size does not matter, for every statistic and for other methods', () => {
    always(
      [seeds, shapes, options, statistics],
      (seed, shape, chosen, statistic) => {
        const [model, x] = [modelOf(seed, shape), images(3, seed, shape)];
        const all: SmoothGradOptions = { ...chosen, statistic };
        for (const method of [smoothGrad, smooth(integratedGradients)]) {
          const steps = method === smoothGrad ? {} : { steps: 3 };
          const expected = method(model, x, [0, 1, 2], {
            ...all,
            ...steps,
            batchSize: 100,
          }).dataSync();
          expectClose(method(model, x, [0, 1, 2], { ...all, ...steps }), expected, TOLERANCE);
        }
      },
      FEWER,
    );
  });

  test('the mean is linear in the score', () => {
    always([seeds, classes, classes, factors, factors, options], (seed, a, b, s, t, chosen) => {
      const [f, x] = [network(seed), images(2, seed)];
      const column = (outputs: tf.Tensor, c: number) =>
        tf.squeeze(tf.slice(outputs, [0, c], [-1, 1]), [1]);
      const score = (y: tf.Tensor) =>
        tf.add(tf.mul(column(y, a), s), tf.mul(tf.square(column(y, b)), t));
      const first = tf.mul(smoothGrad(f, x, a, chosen), s);
      const second = tf.mul(
        smoothGrad(f, x, b, { ...chosen, score: (y) => tf.square(column(y, b)) }),
        t,
      );
      const difference = tf.sub(smoothGrad(f, x, a, { ...chosen, score }), tf.add(first, second));
      // Opposite terms may cancel: the tolerance is relative to them, not to their sum.
      const scale = tf.max(tf.add(tf.abs(first), tf.abs(second))).dataSync()[0]!;
      expect(tf.max(tf.abs(difference)).dataSync()[0]!).toBeLessThanOrEqual(
        TOLERANCE * Math.max(scale, 1),
      );
    });
  });

  test('an antithetic mean is the mean of the map of a noise and of that of its negative', () => {
    always([seeds, classes, options], (seed, c, drawnOptions) => {
      const [f, x, chosen] = [
        network(seed),
        images(2, seed),
        { ...drawnOptions, antithetic: false },
      ];
      const drawn = (sign: number) => (shape: number[], sample: number) =>
        tf.mul(tf.randomNormal(shape, 0, 1, 'float32', 1 + sample), sign);
      const [plus, minus] = [1, -1].map((sign) => {
        return smoothGrad(f, x, c, {
          ...chosen,
          samples: drawnOptions.samples! / 2,
          noise: drawn(sign),
        });
      }) as [tf.Tensor, tf.Tensor];
      const map = smoothGrad(f, x, c, { ...chosen, noise: drawn(1), antithetic: true });
      const mean = tf.div(tf.add(plus, minus), 2);
      const scale = tf.max(tf.maximum(tf.abs(plus), tf.abs(minus))).dataSync()[0]!;
      expect(tf.max(tf.abs(tf.sub(map, mean))).dataSync()[0]!).toBeLessThan(TOLERANCE * scale);
    });
  });

  test('n samples are the mean of n maps of one sample each', () => {
    always([seeds, classes, fc.integer({ min: 2, max: 5 })], (seed, c, samples) => {
      const [f, x] = [network(seed), images(2, seed)];
      const noise = (first: number) => (shape: number[], sample: number) =>
        tf.randomNormal(shape, 0, 1, 'float32', 1 + first + sample);
      const each = Array.from({ length: samples }, (_, i) =>
        smoothGrad(f, x, c, { samples: 1, noise: noise(i) }),
      );
      const map = smoothGrad(f, x, c, { samples, noise: noise(0) });
      const scale = tf.max(tf.abs(tf.stack(each))).dataSync()[0]!;
      expect(tf.max(tf.abs(tf.sub(map, tf.mean(tf.stack(each), 0)))).dataSync()[0]!).toBeLessThan(
        TOLERANCE * scale,
      );
    });
  });

  test('a class list is the classes one by one, and a difference their difference', () => {
    always(
      [seeds, shapes, classes, fc.integer({ min: 1, max: CLASSES - 1 }), options],
      (seed, shape, a, further, chosen) => {
        const [model, x, b] = [
          modelOf(seed, shape),
          images(1, seed, shape),
          (a + further) % CLASSES,
        ];
        const [first, second] = [a, b].map((c) => smoothGrad(model, x, c, chosen)) as [
          tf.Tensor,
          tf.Tensor,
        ];
        expectClose(
          smoothGrad(model, x, [[a, b]], chosen),
          tf.stack([first, second]).dataSync(),
          TOLERANCE,
        );
        const scale = tf.max(tf.maximum(tf.abs(first), tf.abs(second))).dataSync()[0]!;
        const difference = tf.sub(
          smoothGrad(model, x, { for: a, against: b }, chosen),
          tf.sub(first, second),
        );
        expect(tf.max(tf.abs(difference)).dataSync()[0]!).toBeLessThan(TOLERANCE * scale);
      },
    );
  });
});
