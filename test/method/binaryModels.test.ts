// Oracle: closed forms of one sigmoid of a linear logit z = w x + b: the gradients of z, of p, of
// log p and of log(1 - p), and minus those for what speaks against.
import * as tf from '@tensorflow/tfjs-core';
import { layers as tfl, sequential } from '@tensorflow/tfjs-layers';
import {
  convergenceDelta,
  gradientTimesInput,
  integratedGradients,
  smooth,
  smoothGrad,
  vanillaGradient,
} from 'tfjs-saliency';
import type { Model } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';
import { expectClose } from './expectClose.js';
import { expectError } from './expectError.js';

const W = [0.5, -1.25, 2];
const B = 0.1;
/** z = 2.85 and -1.9: a "yes" and a "no". */
const YES = [1, -0.2, 1];
const NO = [0.25, 1.7, 0];
const logit = (x: number[]) => x.reduce((z, value, i) => z + value * W[i]!, B);
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const scaled = (factor: number, numbers: number[] = W) => numbers.map((value) => factor * value);

describeOnEachBackend('a model of one sigmoid output', () => {
  const layersModel = () =>
    sequential({
      layers: [
        tfl.dense({
          inputShape: [3],
          units: 1,
          activation: 'sigmoid',
          weights: [tf.tensor2d(W, [3, 1]), tf.tensor1d([B])],
        }),
      ],
    });
  const plain = (x: tf.Tensor) =>
    tf.sigmoid(tf.add(tf.matMul(x as tf.Tensor2D, tf.tensor2d(W, [3, 1])), B));
  const flat = (x: tf.Tensor) => tf.squeeze(plain(x), [1]);
  const MODELS: [string, () => Model][] = [
    ['of a LayersModel', layersModel],
    ['of a function', () => plain],
    ['without an axis of classes', () => flat],
  ];
  const IMAGES: [string, number[]][] = [
    ['a yes', YES],
    ['a no', NO],
    ['a saturated yes', scaled(20, YES)],
    ['a saturated no', scaled(20, NO)],
  ];

  describe.each(MODELS)('%s', (_, build) => {
    test.each(IMAGES)('{ against: 0 } of %s is what speaks for "no"', (__, image) => {
      const model = build();
      const x = tf.tensor2d([image]);
      const z = logit(image);
      const against = { against: 0 };
      const map = (score: 'logit' | 'output' | 'logProbability', classIndex: 0 | typeof against) =>
        vanillaGradient(model, x, classIndex, { score });
      expectClose(map('logit', 0), W);
      expectClose(map('logit', against), scaled(-1));
      const slope = sigmoid(z) * sigmoid(-z);
      if (Math.abs(z) < 10) {
        expectClose(map('output', 0), scaled(slope), 1e-5);
        expectClose(map('output', against), scaled(-slope), 1e-5);
      }
      // d log p / dz = sigmoid(-z), d log (1 - p) / dz = -sigmoid(z), saturated or not.
      expectClose(map('logProbability', 0), scaled(sigmoid(-z)), 1e-5);
      expectClose(map('logProbability', against), scaled(-sigmoid(z)), 1e-5);
    });

    test('\'argmax\' explains the answer: "yes" from .5 on, else "no"', async () => {
      const model = build();
      const yes = tf.tensor2d([YES]);
      const no = tf.tensor2d([NO]);
      expectClose(vanillaGradient(model, yes, 'argmax'), W);
      expectClose(vanillaGradient(model, no, 'argmax'), scaled(-1));
      expectClose(await vanillaGradient.async(model, no, 'argmax'), scaled(-1));
      const both = tf.tensor2d([YES, NO]);
      expectClose(vanillaGradient(model, both, 'argmax'), [...W, ...scaled(-1)]);
      expectClose(
        vanillaGradient(model, both, 'argmax', { score: 'logProbability' }),
        [...scaled(sigmoid(-logit(YES))), ...scaled(-sigmoid(logit(NO)))],
        1e-5,
      );
      expectClose(smoothGrad(model, both, 'argmax', { samples: 4, stdDev: 3, seed: 1 }), [
        ...W,
        ...scaled(-1),
      ]);
      expectClose(gradientTimesInput(model, both, 'argmax'), [
        ...W.map((weight, i) => weight * YES[i]!),
        ...W.map((weight, i) => -weight * NO[i]!),
      ]);
      expectClose(
        integratedGradients(model, no, 'argmax'),
        W.map((weight, i) => -weight * NO[i]!),
        1e-5,
      );
    });

    test('integratedGradients of log(1 - p) is complete', () => {
      const model = build();
      const x = tf.tensor2d([NO]);
      const options = { score: 'logProbability' } as const;
      const map = integratedGradients(model, x, { against: 0 }, options);
      const no = (z: number) => Math.log(1 - sigmoid(z));
      const total = tf.sum(map).dataSync()[0]!;
      expect(total).toBeCloseTo(no(logit(NO)) - no(B), 5);
      const delta = convergenceDelta(model, x, { against: 0 }, map, options);
      expect(Math.abs(delta.dataSync()[0]!)).toBeLessThan(1e-5);
    });
  });

  test('a function of one\'s own is told the "no" as { against: 0 }', () => {
    const seen: unknown[] = [];
    const mine = (_: Model, x: tf.Tensor, classIndex: unknown) => {
      seen.push(classIndex);
      return tf.zerosLike(x);
    };
    smooth(mine)(plain, tf.tensor2d([NO]), 'argmax', { samples: 1, stdDev: 1 });
    smooth(mine)(plain, tf.tensor2d([YES]), 'argmax', { samples: 1, stdDev: 1 });
    expect(seen).toEqual([{ against: 0 }, [0]]);
    expectError(
      () => smooth(mine)(plain, tf.tensor2d([YES, NO]), 'argmax', { samples: 1, stdDev: 1 }),
      RangeError,
      "smooth(mine): classIndex must be 0 or { against: 0 } where the images of a batch differ in 'yes' and 'no', got 'argmax'",
    );
  });

  test('one output that is no sigmoid is explained as it is, whatever its sign', () => {
    const linear = (x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, tf.tensor2d(W, [3, 1]));
    expectClose(vanillaGradient(linear, tf.tensor2d([NO]), 'argmax'), W);
  });

  test('a model of several sigmoids has a greatest output, and no "no"', () => {
    const two = (x: tf.Tensor) =>
      tf.sigmoid(
        tf.concat(
          [tf.sub(tf.matMul(x as tf.Tensor2D, tf.tensor2d(W, [3, 1])), 5), tf.fill([1, 1], -9)],
          1,
        ),
      );
    expectClose(vanillaGradient(two, tf.tensor2d([NO]), 'argmax'), W);
  });
});

describeOnEachBackend('a softmax model', () => {
  const KERNEL = [
    [0.5, -1.25, 3],
    [0.1, 2, -2],
    [-0.3, 0.2, 0.9],
  ];
  const model = (x: tf.Tensor) => tf.softmax(tf.matMul(x as tf.Tensor2D, tf.tensor2d(KERNEL)));
  const x = () => tf.tensor2d([[0.4, -0.2, 0.7]]);

  test.each(['logit', 'output', 'logProbability', 'crossEntropy'] as const)(
    '{ against: c } is minus class c, of score %s',
    (score) => {
      for (const against of [0, 1, 2]) {
        const expected = tf.neg(vanillaGradient(model, x(), against, { score })).dataSync();
        expectClose(vanillaGradient(model, x(), { against }, { score }), expected);
      }
    },
  );

  test('of which the logits are in closed form: minus the column of the kernel', () => {
    expectClose(
      vanillaGradient(model, x(), { against: 1 }),
      KERNEL.map((row) => -row[1]!),
    );
  });
});
