// Oracle: the same method for one class at a time, whose results lists put together and differences
// subtract.
import * as tf from '@tensorflow/tfjs-core';
import type { AttributionOptions, ClassIndex, Score } from 'tfjs-saliency';
import {
  gradientTimesInput,
  integratedGradients,
  smoothGrad,
  smoothGradAsync,
  vanillaGradient,
} from 'tfjs-saliency';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';
import { expectClose } from './expectClose.js';

const SHAPE = [4, 3, 2];

let passes = 0;
/** [n, 4, 3, 2] -> [n, 5] probabilities; smooth, so that rounding flips no kink. */
function predict(x: tf.Tensor): tf.Tensor {
  passes++;
  return tf.tidy(() => {
    const weights = (shape: [number, number], seed: number) =>
      tf.randomNormal(shape, 0, 0.5, 'float32', seed) as tf.Tensor2D;
    const hidden = tf.tanh(tf.matMul(tf.reshape(x, [-1, 24]) as tf.Tensor2D, weights([24, 8], 1)));
    return tf.softmax(tf.matMul(hidden as tf.Tensor2D, weights([8, 5], 2)));
  });
}

const network = { predict, inputs: [{ shape: [null, ...SHAPE] }] };

const smoothing = { samples: 5, stdDev: 0.3, seed: 7 };
type Method = (x: tf.Tensor, classIndex: ClassIndex, options: AttributionOptions) => tf.Tensor;

const METHODS: [string, Method][] = [
  ['vanillaGradient', (x, c, options) => vanillaGradient(network, x, c, options)],
  ['gradientTimesInput', (x, c, options) => gradientTimesInput(network, x, c, options)],
  [
    'integratedGradients',
    (x, c, options) => integratedGradients(network, x, c, { steps: 6, ...options }),
  ],
  ['smoothGrad', (x, c, options) => smoothGrad(network, x, c, { ...smoothing, ...options })],
  [
    'the variance',
    (x, c, options) =>
      smoothGrad(network, x, c, { ...smoothing, statistic: 'variance', ...options }),
  ],
  [
    'aggregated samples',
    (x, c, options) => smoothGrad(network, x, c, { ...smoothing, aggregate: 'l2', ...options }),
  ],
];

/** The square of the class's output, so that it depends on the class and is not linear. */
const squared = (outputs: tf.Tensor, classes: tf.Tensor) =>
  tf.sum(tf.mul(tf.square(outputs), tf.oneHot(classes as tf.Tensor1D, 5)), 1);

const SCORES: [string, Score][] = [
  ['logit', 'logit'],
  ['output', 'output'],
  ['logProbability', 'logProbability'],
  ['crossEntropy', 'crossEntropy'],
  ['a function', squared],
];

const batch = () => tf.randomNormal([2, ...SHAPE], 0, 1, 'float32', 3);
const image = () => tf.squeeze(tf.slice(batch(), 0, 1), [0]);

describeOnEachBackend('lists of classes', () => {
  describe.each(METHODS)('%s', (_, method) => {
    test.each(SCORES)('are as one class after another, by %s', (__, score) => {
      const lists = [
        [0, 3, 3],
        [2, 0, 4],
      ];
      const together = method(batch(), lists, { score });
      const alone = [0, 1, 2].map((m) =>
        method(
          batch(),
          lists.map((list) => list[m]!),
          { score },
        ),
      );
      expect(together.shape).toEqual([3, ...alone[0]!.shape]);
      expectClose(together, tf.stack(alone).dataSync(), 1e-5);
    });

    test('of one image without batch dimension, and of one class, have their leading axis', () => {
      const single = method(image(), 3, {});
      const listed = method(image(), [[3]], {});
      expect(listed.shape).toEqual([1, ...single.shape]);
      expectClose(listed, single.dataSync(), 1e-6);
      expect(method(image(), [[3, 1]], {}).shape).toEqual([2, ...single.shape]);
      expect(method(tf.expandDims(image()), [[3, 1]], {}).shape).toEqual([2, 1, ...single.shape]);
    });

    test.each(SCORES)('share the forward passes, by %s', (__, score) => {
      const count = (classIndex: ClassIndex) => {
        passes = 0;
        method(image(), classIndex, { score, batchSize: 2 });
        return passes;
      };
      const single = count(1);
      expect(single).toBeGreaterThan(0);
      expect(count([[1]])).toBe(single);
      expect(count([[1, 0, 2, 4]])).toBe(single);
    });

    test('leave nothing behind', () => {
      const x = batch();
      expectNoLeak(() =>
        method(
          x,
          [
            [0, 3, 3],
            [2, 0, 4],
          ],
          { batchSize: 3 },
        ),
      );
    });
  });

  test('in a long run, which tells the reliability of each class of each image', async () => {
    const lists = [
      [0, 3, 3],
      [2, 0, 4],
    ];
    const told: (readonly number[])[] = [];
    const onProgress = ({ reliabilities }: { reliabilities: readonly number[] }) =>
      told.push(reliabilities);
    const map = await smoothGradAsync(network, batch(), lists, { ...smoothing, onProgress });
    expect(map.dataSync()).toEqual(smoothGrad(network, batch(), lists, smoothing).dataSync());
    expect(told.at(-1)).toHaveLength(6);
    for (const m of [0, 1, 2]) {
      await smoothGradAsync(
        network,
        batch(),
        lists.map((list) => list[m]!),
        { ...smoothing, onProgress },
      );
    }
    const [together, ...alone] = told;
    alone.flat().forEach((each, i) => {
      expect(together![i]).toBeCloseTo(each, 4);
    });
  });
});

describeOnEachBackend('for one class and against another', () => {
  // A variance and a norm are not linear in the score.
  describe.each(METHODS.slice(0, 4))('%s', (_, method) => {
    test.each(SCORES)('is the difference of both, by %s', (__, score) => {
      for (const x of [image(), batch()]) {
        const [speaksFor, against] = [3, 1].map((c) => method(x, c, { score })) as [
          tf.Tensor,
          tf.Tensor,
        ];
        const difference = method(x, { for: 3, against: 1 }, { score });
        expect(difference.shape).toEqual(x.shape);
        // Relative to the terms, which may cancel.
        const scale = tf.max(tf.maximum(tf.abs(speaksFor), tf.abs(against))).dataSync()[0]!;
        const off = tf.max(tf.abs(tf.sub(difference, tf.sub(speaksFor, against)))).dataSync()[0]!;
        expect(off).toBeLessThan(1e-5 * scale);
      }
    });

    test.each(SCORES)('costs the forward passes of one class, by %s', (__, score) => {
      const count = (classIndex: ClassIndex) => {
        passes = 0;
        method(image(), classIndex, { score, batchSize: 2 });
        return passes;
      };
      expect(count({ for: 3, against: 1 })).toBe(count(3));
    });
  });
});
