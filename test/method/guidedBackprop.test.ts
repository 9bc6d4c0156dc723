// Oracle: guided backpropagation by hand: at a rectifier, what comes back is cut to its positive
// part and then gated; the gradient where nothing negative comes back.
import * as tf from '@tensorflow/tfjs-core';
import { layers as tfl, sequential } from '@tensorflow/tfjs-layers';
import { guidedBackprop, smooth, vanillaGradient } from 'tfjs-saliency';
import { random } from '../conformance/case.js';
import { describeOnEachBackend } from '../backends.js';
import { expectClose } from './expectClose.js';

const FEATURES = 5;
const HIDDEN = 7;
const CLASSES = 3;
const W = random(FEATURES * HIDDEN, 1);
const B = random(HIDDEN, 2);
const V = random(HIDDEN * CLASSES, 3);
const X = random(FEATURES, 4);

const positive = (value: number) => Math.max(0, value);
const indices = (count: number) => Array.from({ length: count }, (_, i) => i);
const hidden = indices(HIDDEN).map((h) =>
  indices(FEATURES).reduce((z, f) => z + X[f]! * W[f * HIDDEN + h]!, B[h]!),
);

/** For y = relu(x W + b) V, by hand; `cut` is what a rectifier does before its gate. */
function byHand(classIndex: number, cut: (value: number) => number): number[] {
  return indices(FEATURES).map((f) =>
    indices(HIDDEN).reduce((sum, h) => {
      const dy = hidden[h]! > 0 ? cut(V[h * CLASSES + classIndex]!) : 0;
      return sum + W[f * HIDDEN + h]! * dy;
    }, 0),
  );
}

describeOnEachBackend('guidedBackprop', () => {
  const w = () => tf.tensor2d(W, [FEATURES, HIDDEN]);
  const v = () => tf.tensor2d(V, [HIDDEN, CLASSES]);
  const b = () => tf.tensor1d(B);
  const x = () => tf.tensor1d(X);
  const column = (y: tf.Tensor) => tf.reshape(y, [-1, 1]);
  /** One output, the weighted sum of f(x) in each place. */
  const weighted = (f: (x: tf.Tensor) => tf.Tensor, weights: number[]) => (input: tf.Tensor) =>
    column(tf.sum(tf.mul(f(input), tf.tensor1d(weights)), 1));

  const FORMS: [string, (input: tf.Tensor) => tf.Tensor][] = [
    ['plain', (input) => tf.relu(tf.add(tf.matMul(input as tf.Tensor2D, w()), b()))],
    [
      'fused',
      (input) =>
        tf.fused.matMul({ a: input as tf.Tensor2D, b: w(), bias: b(), activation: 'relu' }),
    ],
    ['max(x, 0)', (input) => tf.maximum(tf.add(tf.matMul(input as tf.Tensor2D, w()), b()), 0)],
    ['max(0, x)', (input) => tf.maximum(0, tf.add(tf.matMul(input as tf.Tensor2D, w()), b()))],
    [
      'a clip from 0',
      (input) => tf.clipByValue(tf.add(tf.matMul(input as tf.Tensor2D, w()), b()), 0, 100),
    ],
    [
      'a clipped ReLU',
      (input) => tf.clipByValue(tf.relu(tf.add(tf.matMul(input as tf.Tensor2D, w()), b())), 0, 100),
    ],
  ];

  test.each(FORMS)(
    'of one hidden layer, %s: as by hand, with another map than the gradient',
    (_, layer) => {
      const model = (input: tf.Tensor) => tf.matMul(layer(input) as tf.Tensor2D, v());
      for (const classIndex of indices(CLASSES)) {
        expectClose(guidedBackprop(model, x(), classIndex), byHand(classIndex, positive));
        expectClose(
          vanillaGradient(model, x(), classIndex),
          byHand(classIndex, (dy) => dy),
        );
      }
      expect(byHand(0, positive)).not.toEqual(byHand(0, (dy) => dy));
    },
  );

  test('of a LayersModel with a softmax at its end: by its logit, the same', () => {
    const model = sequential({
      layers: [
        tfl.dense({
          inputShape: [FEATURES],
          units: HIDDEN,
          activation: 'relu',
          weights: [w(), b()],
        }),
        tfl.dense({ units: CLASSES, activation: 'softmax', weights: [v(), tf.zeros([CLASSES])] }),
      ],
    });
    for (const classIndex of indices(CLASSES)) {
      expectClose(guidedBackprop(model, x(), classIndex), byHand(classIndex, positive));
    }
  });

  test('of a fused convolution: that of a plain one', () => {
    const image = tf.tensor(random(2 * 5 * 5 * 2, 5), [2, 5, 5, 2]);
    const filter = tf.tensor(random(3 * 3 * 2 * 4, 6), [3, 3, 2, 4]) as tf.Tensor4D;
    const bias = tf.tensor1d(random(4, 7));
    const head = (y: tf.Tensor) =>
      tf.matMul(
        tf.reshape(y, [y.shape[0]!, -1]) as tf.Tensor2D,
        tf.tensor2d(random(100 * 3, 8), [100, 3]),
      );
    const shared = { filter, strides: 1, pad: 'same' } as const;
    for (const activation of ['relu', 'relu6'] as const) {
      const fused = (input: tf.Tensor) =>
        head(tf.fused.conv2d({ x: input as tf.Tensor4D, ...shared, bias, activation }));
      const plain = (input: tf.Tensor) =>
        head(tf[activation](tf.add(tf.conv2d(input as tf.Tensor4D, filter, 1, 'same'), bias)));
      const expected = guidedBackprop(plain, image, [1, 2]).dataSync();
      expectClose(guidedBackprop(fused, image, [1, 2]), expected);
      expect(expected).not.toEqual(vanillaGradient(plain, image, [1, 2]).dataSync());
    }
  });

  test('of positive weights only: the gradient', () => {
    const positiveWeights = (seed: number, shape: [number, number]) =>
      tf.tensor2d(random(shape[0] * shape[1], seed).map(Math.abs), shape);
    const model = (input: tf.Tensor) =>
      tf.matMul(
        tf.relu(
          tf.matMul(
            tf.relu(
              tf.matMul(input as tf.Tensor2D, positiveWeights(1, [FEATURES, HIDDEN])),
            ) as tf.Tensor2D,
            positiveWeights(2, [HIDDEN, HIDDEN]),
          ),
        ) as tf.Tensor2D,
        positiveWeights(3, [HIDDEN, CLASSES]),
      );
    const input = tf.abs(x());
    expectClose(guidedBackprop(model, input, 1), vanillaGradient(model, input, 1).dataSync());
  });

  const PLACES = [-2, 0, 3, 6, 9, 4];
  const WEIGHTS = [1, 1, 2, 1, 1, -5];
  const GATED = [0, 0, 2, 0, 0, 0];
  test.each<[string, (x: tf.Tensor) => tf.Tensor]>([
    ['relu6', (input) => tf.relu6(input)],
    ['relu and a clip at 6', (input) => tf.clipByValue(tf.relu(input), 0, 6)],
    ['a clip between 0 and 6', (input) => tf.clipByValue(input, 0, 6)],
    [
      'the ReLU layer with maxValue',
      (input) => tfl.reLU({ maxValue: 6 }).apply(input) as tf.Tensor,
    ],
  ])('the gate of %s is open between 0 and 6', (_, f) => {
    const inner = guidedBackprop(weighted(f, WEIGHTS), tf.tensor1d(PLACES), 0);
    const numbers = [...inner.dataSync()];
    // At its kinks, 0 and 6, any slope between those of both sides is right.
    expect([numbers[0], numbers[2], numbers[4], numbers[5]]).toEqual([
      GATED[0],
      GATED[2],
      GATED[4],
      GATED[5],
    ]);
  });

  test('of a residual block: what goes past the rectifier is not cut, what goes through it is', () => {
    // y = v . (x + relu(s x)): v + s relu(v) where s x > 0.
    const [at, s, weights] = [
      [1, -1, 2, -3],
      [2, -3, -1, -4],
      [1, -1, 2, -3],
    ];
    const model = weighted(
      (input) => tf.add(input, tf.relu(tf.mul(input, tf.tensor1d(s)))),
      weights,
    );
    const expected = at.map(
      (xi, i) => weights[i]! + (s[i]! * xi > 0 ? s[i]! * positive(weights[i]!) : 0),
    );
    expectClose(guidedBackprop(model, tf.tensor1d(at), 0), expected);
  });

  test.each<[string, (x: tf.Tensor) => tf.Tensor]>([
    ['tanh', tf.tanh],
    ['elu', tf.elu],
    ['leaky ReLU', (input) => tf.leakyRelu(input, 0.1)],
    ['softplus', tf.softplus],
    ['a clip from -1', (input) => tf.clipByValue(input, -1, 1)],
    ['the greater of x and 1', (input) => tf.maximum(input, 1)],
    ['the greater of two that depend on x', (input) => tf.maximum(input, tf.mul(input, 0.5))],
  ])('keeps the gradient of %s, which is no rectifier', (_, f) => {
    const model = weighted(f, [1, -2, 3, -4]);
    const input = tf.tensor1d([0.4, -0.7, 2.5, 3]);
    expectClose(guidedBackprop(model, input, 0), vanillaGradient(model, input, 0).dataSync());
  });

  test('of minus a score is not minus its map, as the rectifiers cut what is negative', () => {
    const model = weighted(tf.relu, [1, -2, 3, -4]);
    const input = tf.tensor1d([1, 1, 1, 1]);
    expectClose(guidedBackprop(model, input, 0), [1, 0, 3, 0]);
    expectClose(guidedBackprop(model, input, { against: 0 }), [0, 2, 0, 4]);
  });

  test('smoothed: the mean by hand over noisy inputs', () => {
    const noises = [-3, 0.5, 4];
    const noise = (shape: number[], sample: number) => tf.fill(shape, noises[sample]!);
    const model = weighted(tf.relu, [1, -2, 3]);
    const map = smooth(guidedBackprop)(model, tf.tensor1d([1, 1, -1]), 0, {
      samples: 3,
      stdDev: 1,
      noise,
    });
    expectClose(map, [2 / 3, 0, 1]);
  });
});
