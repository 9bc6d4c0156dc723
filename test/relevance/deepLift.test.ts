// Oracles: completeness (the map adds up to the change of the score), closed forms of linear,
// bilinear and piecewise linear models, and integrated gradients for one hidden rectifier.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { convergenceDelta, deepLift, integratedGradients } from 'tfjs-saliency';
import { constant } from '../conformance/case.js';
import { describeOnEachBackend } from '../backends.js';
import { expectClose } from '../method/expectClose.js';

type Network = (x: Tensor) => Tensor;

const column = (y: Tensor): Tensor => tf.reshape(y, [-1, 1]);

describeOnEachBackend('deepLift', () => {
  let x: Tensor;
  let x0: Tensor;
  beforeAll(() => {
    x = constant([1, 8, 8, 3], 5);
    x0 = constant([1, 8, 8, 3], 6);
  });

  /** Functions of [1, 8, 8, 3] that change each number or mix them. */
  const FUNCTIONS: [string, Network][] = [
    ['relu', tf.relu],
    ['relu6', (y) => tf.relu6(tf.mul(y, 9))],
    ['a clipped relu', (y) => tf.clipByValue(tf.relu(tf.mul(y, 9)), 0, 6)],
    ['leaky relu', (y) => tf.leakyRelu(y, 0.1)],
    ['prelu', (y) => tf.prelu(y, tf.tensor1d([0.1, -0.3, 0.5]))],
    ['abs', tf.abs],
    ['sigmoid', tf.sigmoid],
    ['tanh', tf.tanh],
    ['elu', tf.elu],
    ['softplus', tf.softplus],
    ['exp and log', (y) => tf.log(tf.add(tf.exp(y), 1))],
    ['powers', (y) => tf.pow(tf.add(tf.abs(y), 0.1), 1.7)],
    ['square', tf.square],
    ['a product', (y) => tf.mul(y, tf.sigmoid(tf.mean(y, [1, 2], true)))],
    ['a quotient', (y) => tf.div(y, tf.add(1, tf.square(tf.mean(y, 3, true))))],
    ['squared differences', (y) => tf.squaredDifference(y, tf.mean(y, 3, true))],
    ['maximum and minimum', (y) => tf.maximum(tf.minimum(y, tf.reverse(y, 1)), tf.mul(y, -0.3))],
    ['softmax', (y) => tf.softmax(tf.mul(y, 4))],
    ['a softmax that saturates', (y) => tf.softmax(tf.mul(y, 300))],
    ['overlapping max pools', (y) => tf.maxPool(y as Tensor4D, 3, 2, 'same')],
    ['the greatest and the least', (y) => tf.add(tf.max(y, [1, 2], true), tf.min(y, 3, true))],
    [
      'layer normalization',
      (y) => {
        const { mean, variance } = tf.moments(y, 3, true);
        // tfjs's kernel does not broadcast statistics; tfjs-layers tiles them too.
        const [means, variances] = [mean, variance].map((t) => tf.tile(t, [1, 1, 1, 3]));
        return tf.batchNorm(y as Tensor4D, means as Tensor4D, variances as Tensor4D);
      },
    ],
    [
      'attention',
      (y) => {
        const t = tf.reshape(y, [1, 64, 3]);
        return tf.reshape(tf.matMul(tf.softmax(tf.matMul(t, t, false, true)), t), [1, 8, 8, 3]);
      },
    ],
  ];

  test.each(FUNCTIONS)('is complete through %s', (_, f) => {
    const weights = constant([1, 8, 8, 3], 7);
    const model: Network = (input) => {
      const y = f(tf.conv2d(input as Tensor4D, constant([3, 3, 3, 3], 8) as Tensor4D, 1, 'same'));
      const [, h = 1, w = 1, c = 1] = y.shape;
      return column(tf.sum(tf.mul(y, tf.slice(weights, [0, 0, 0, 0], [1, h, w, c]))));
    };
    const change = tf.sub(model(x), model(x0)).dataSync()[0]!;
    const map = deepLift(model, x, 0, { baseline: x0, batchSize: 1 });
    const size = tf.sum(tf.abs(map)).dataSync()[0]!;
    const error = Math.abs(tf.sum(map).dataSync()[0]! - change);
    expect(error / Math.max(size, 0.1)).toBeLessThan(1e-5);
  });

  test('of a linear and a bilinear model: the terms themselves', () => {
    const w = tf.tensor1d([2, -1, 3]);
    const linear: Network = (input) => column(tf.sum(tf.mul(input, w), 1));
    expectClose(deepLift(linear, tf.tensor1d([1, 2, 3]), 0, { baseline: 1 }), [0, -1, 6]);
    // a b at (3, 5) and (1, 2): (a - a0) (b + b0) / 2 = 7 and (b - b0) (a + a0) / 2 = 6.
    const bilinear: Network = (input) => {
      const [a, b] = tf.split(input, 2, 1) as [Tensor, Tensor];
      return tf.mul(a, b);
    };
    const baseline = tf.tensor1d([1, 2]);
    expectClose(deepLift(bilinear, tf.tensor1d([3, 5]), 0, { baseline }), [7, 6]);
  });

  test('one hidden layer of rectifiers: integrated gradients', () => {
    const [w, b, v] = [constant([6, 5], 1), constant([5], 2), constant([5, 3], 3)];
    const model: Network = (input) =>
      tf.matMul(
        tf.fused.matMul({ a: input as Tensor2D, b: w as Tensor2D, bias: b, activation: 'relu' }),
        v as Tensor2D,
      );
    const [input, baseline] = [constant([2, 6], 4), constant([6], 5)];
    const steps = 400;
    const expected = integratedGradients(model, input, [0, 2], {
      baseline,
      steps,
      rule: 'trapezoid',
    });
    const map = deepLift(model, input, [0, 2], { baseline });
    expectClose(map, expected.dataSync(), 5e-3);
  });

  test('where no function bends between the two, the gradient times the difference', () => {
    const model: Network = (input) =>
      column(tf.sum(tf.relu(tf.mul(input, tf.tensor1d([1, -1]))), 1));
    const baseline = tf.tensor1d([2, 3]);
    expectClose(deepLift(model, tf.tensor1d([4, 7]), 0, { baseline }), [2, 0]);
    expect([...deepLift(model, tf.tensor1d([2, 3]), 0, { baseline }).dataSync()]).toEqual([0, 0]);
  });

  test('of several baselines, the mean of the maps; of a batch, of each image', () => {
    const model: Network = (input) => column(tf.sum(tf.tanh(input), [1, 2, 3]));
    const input = tf.concat([x, x0]);
    const baselines = [7, 8, 9].map((seed) => constant([8, 8, 3], seed));
    const maps = baselines.map((baseline) => deepLift(model, input, 0, { baseline }));
    const expected = tf.mean(tf.stack(maps), 0).dataSync();
    expectClose(deepLift(model, input, 0, { baseline: tf.stack(baselines) }), expected, 1e-5);
  });

  test('convergenceDelta is what the map lacks to the change from the mean of the baselines', () => {
    const model: Network = (input) => column(tf.sum(tf.tanh(input), [1, 2, 3]));
    const input = tf.concat([x, x0]);
    const baseline = tf.stack([7, 8, 9].map((seed) => constant([8, 8, 3], seed)));
    const options = { method: deepLift, baseline };
    const map = deepLift(model, input, 0, { baseline });
    const size = tf.sum(tf.abs(map)).dataSync()[0]!;
    for (const delta of convergenceDelta(model, input, 0, map, options).dataSync())
      expect(Math.abs(delta)).toBeLessThan(1e-5 * size);
    // Of a map of zeros, all of the change is lacking.
    const before = tf.mean(model(baseline)).dataSync()[0]!;
    const expected = [...model(input).dataSync()].map((score) => before - score);
    expectClose(convergenceDelta(model, input, 0, tf.zerosLike(input), options), expected, 1e-4);
  });

  test('a model that runs other kernels on the baseline is refused', () => {
    const model: Network = (input) =>
      column(tf.sum(input.dataSync()[0]! > 0.5 ? tf.relu(input) : tf.tanh(input), 1));
    expect(() => deepLift(model, tf.tensor1d([1, 2]), 0)).toThrow(
      'deepLift: the model runs Relu on the input where it runs Tanh on the baseline',
    );
  });
});
