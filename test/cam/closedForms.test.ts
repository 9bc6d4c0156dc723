// Oracle: closed forms for a layer followed by pooling or flattening and one dense layer, with the
// layer's activation taken from the model itself.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { GradCamOptions } from 'tfjs-saliency';
import {
  ablationCam,
  eigenCam,
  gradCam,
  gradCamPlusPlus,
  hiResCam,
  layerCam,
  scoreCam,
  xGradCam,
} from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';
import { expectClose } from '../method/expectClose.js';

const HEIGHT = 4;
const WIDTH = 5;
const PLACES = HEIGHT * WIDTH;
const CHANNELS = 6;
const CLASSES = 3;
const CLASS = 1;
const RAW: GradCamOptions = { upsample: false };

const normal = (shape: number[], seed: number): Tensor =>
  tf.randomNormal(shape, 0, 1, 'float32', seed);

/** With `isSigned`, without a rectifier. */
const features =
  (isSigned = false) =>
  (x: Tensor): Tensor4D => {
    const y = tf.conv2d(x as Tensor4D, normal([3, 3, 2, CHANNELS], 1) as Tensor4D, 1, 'same');
    return isSigned ? y : tf.relu(y);
  };

const bias = (): Tensor => normal([CLASSES], 3);
const pooledWeights = (): Tensor2D => normal([CHANNELS, CLASSES], 4) as Tensor2D;
const flatWeights = (): Tensor2D => normal([PLACES * CHANNELS, CLASSES], 5) as Tensor2D;

const pooled =
  (layer = features()) =>
  (x: Tensor) =>
    tf.tidy(() =>
      tf.add(tf.matMul(tf.mean(layer(x), [1, 2]) as Tensor2D, pooledWeights()), bias()),
    );

const flattened =
  (layer = features()) =>
  (x: Tensor) =>
    tf.tidy(() => {
      const rows = tf.reshape(layer(x), [-1, PLACES * CHANNELS]) as Tensor2D;
      return tf.add(tf.matMul(rows, flatWeights()), bias());
    });

const ofClass = (x: Tensor): Tensor => tf.gather(x, CLASS, x.rank - 1);
const weightedSum = (activation: Tensor, weights: Tensor): Float32Array =>
  tf.sum(tf.mul(activation, weights), -1).dataSync() as Float32Array;
const total = (map: Tensor): Float32Array => tf.sum(map, [1, 2, 3]).dataSync() as Float32Array;

describeOnEachBackend('CAMs in closed form', () => {
  let x: Tensor;
  let activation: Tensor;

  beforeAll(() => {
    x = normal([2, HEIGHT, WIDTH, 2], 6);
    activation = features()(x);
  });

  test('before pooling, Grad-CAM, HiResCAM and XGrad-CAM have w / N as weights', () => {
    const expected = weightedSum(activation, tf.div(ofClass(pooledWeights()), PLACES));
    for (const cam of [gradCam, hiResCam, xGradCam]) {
      const map = cam(pooled(), x, CLASS, RAW);
      expect(map.shape).toEqual([2, HEIGHT, WIDTH, 1]);
      expectClose(map, expected);
    }
  });

  test('before pooling, LayerCAM has relu(w) / N', () => {
    const weights = tf.div(tf.relu(ofClass(pooledWeights())), PLACES);
    expectClose(layerCam(pooled(), x, CLASS, RAW), weightedSum(activation, weights));
  });

  test('before pooling, Grad-CAM++ has N relu(g) / (2 + g sum A)', () => {
    const g = tf.div(ofClass(pooledWeights()), PLACES);
    const sums = tf.sum(activation, [1, 2], true);
    const weights = tf.div(tf.mul(PLACES, tf.relu(g)), tf.add(2, tf.mul(g, sums)));
    expectClose(gradCamPlusPlus(pooled(), x, CLASS, RAW), weightedSum(activation, weights));
  });

  test("before flattening, Grad-CAM++ is the paper's formula, place by place", () => {
    const g = tf.reshape(ofClass(flatWeights()), [1, HEIGHT, WIDTH, CHANNELS]);
    const sums = tf.sum(activation, [1, 2], true);
    const alpha = tf.div(tf.square(g), tf.add(tf.mul(2, tf.square(g)), tf.mul(sums, tf.pow(g, 3))));
    const weights = tf.sum(tf.mul(alpha, tf.relu(g)), [1, 2], true);
    expectClose(
      gradCamPlusPlus(flattened(), x, CLASS, RAW),
      weightedSum(activation, weights),
      1e-5,
    );
  });

  test('before flattening, Grad-CAM has the mean of each channel', () => {
    const g = tf.reshape(ofClass(flatWeights()), [1, HEIGHT, WIDTH, CHANNELS]);
    const expected = weightedSum(activation, tf.mean(g, [1, 2], true));
    expectClose(gradCam(flattened(), x, CLASS, RAW), expected, 1e-5);
  });

  test.each([false, true])(
    'before flattening, the places of HiResCAM and XGrad-CAM add up to logit - bias (signed: %s)',
    (isSigned) => {
      const model = flattened(features(isSigned));
      const logits = tf.sub(ofClass(model(x)), ofClass(bias())).dataSync();
      // A function shows its layers by their kernels.
      const options = isSigned ? { ...RAW, layer: -1 } : RAW;
      expectClose(tf.tensor(total(hiResCam(model, x, CLASS, options))), logits, 1e-5);
      // Signed channels may nearly cancel in the divisor.
      expectClose(tf.tensor(total(xGradCam(model, x, CLASS, options))), logits, 1e-4);
    },
  );

  test('XGrad-CAM of a channel that is 0 everywhere has no NaN', () => {
    const dead = (y: Tensor): Tensor4D => tf.mul(features()(y), tf.tensor1d([1, 0, 1, 1, 1, 1]));
    const weights = tf.div(ofClass(pooledWeights()), PLACES);
    expectClose(xGradCam(pooled(dead), x, CLASS, RAW), weightedSum(dead(x), weights));
  });

  test('Eigen-CAM of a rank-1 activation is its spatial factor times the length of the other', () => {
    for (const channels of [
      [1, -2, 3, 0.5],
      [-1, 2, -3, -0.5],
    ]) {
      const image = tf.randomUniform([2, HEIGHT, WIDTH, 1], -1, 1, 'float32', 8);
      const model = (y: Tensor) =>
        tf.tidy(() => tf.mean(tf.mul(y, tf.tensor1d(channels)), [1, 2]) as Tensor2D);
      // The sum of the channels is a multiple of the factor: its sign decides.
      const sign = Math.sign(channels.reduce((a, b) => a + b));
      expectClose(
        eigenCam(model, image, CLASS, { upsample: false }),
        tf.mul(image, sign * Math.hypot(...channels)).dataSync(),
      );
    }
  });

  test('Eigen-CAM is A v of a power iteration in float64', () => {
    const map = eigenCam(pooled(), x, CLASS, RAW);
    const rows = tf.unstack(tf.reshape(activation, [2, PLACES, CHANNELS]));
    const expected = rows.flatMap((a) => alongFirstDirection(a.arraySync() as number[][]));
    expectClose(map, expected, 1e-5);
  });

  test('Eigen-CAM is the same for every class, and 0 where the activation is', () => {
    const maps = eigenCam(
      pooled(),
      x,
      [
        [0, 1],
        [2, 2],
      ],
      RAW,
    );
    const [first, second] = tf.unstack(maps);
    expect(first!.dataSync()).toEqual(second!.dataSync());
    const zero = eigenCam(pooled(), tf.zerosLike(x), CLASS, RAW);
    expect(zero.dataSync().every((value) => value === 0)).toBe(true);
  });

  test("Ablation-CAM's weights before pooling are w mean(A) / |S|", () => {
    const score = tf.reshape(ofClass(pooled()(x)), [2, 1, 1, 1]);
    const falls = tf.mul(ofClass(pooledWeights()), tf.mean(activation, [1, 2], true));
    const expected = weightedSum(activation, tf.div(falls, tf.abs(score)));
    for (const batchSize of [1, 3, 64]) {
      expectClose(ablationCam(pooled(), x, CLASS, { ...RAW, batchSize }), expected, 1e-4);
    }
  });

  test("Ablation-CAM's scores of a classifier are logits, with score 'output' probabilities", () => {
    const classifier = (y: Tensor) => tf.tidy(() => tf.softmax(pooled()(y)));
    const means = tf.expandDims(tf.mean(activation, [1, 2]), 2);
    // [2, c, k]: without channel c, every logit falls by its weight times the channel's mean.
    const without = tf.sub(tf.expandDims(pooled()(x), 1), tf.mul(means, pooledWeights()));
    for (const [score, outputOf] of [
      [undefined, (logits: Tensor) => logits],
      ['output', (logits: Tensor) => tf.softmax(logits)],
    ] as const) {
      const whole = tf.expandDims(ofClass(outputOf(pooled()(x))), 1);
      const weights = tf.div(tf.sub(whole, ofClass(outputOf(without))), tf.abs(whole));
      const map = ablationCam(classifier, x, CLASS, { ...RAW, score });
      const expected = weightedSum(activation, tf.reshape(weights, [2, 1, 1, CHANNELS]));
      expectClose(map, expected, 1e-4);
    }
  });

  test("Ablation-CAM's weights are undivided where the score is 0", () => {
    const image = tf.randomUniform([1, HEIGHT, WIDTH, 1], 0, 1, 'float32', 9);
    const twice = (y: Tensor): Tensor => tf.mul(y, tf.tensor1d([2, 2]));
    const model = (y: Tensor) =>
      tf.tidy(() => tf.matMul(tf.mean(twice(y), [1, 2]) as Tensor2D, tf.tensor2d([[1], [-1]])));
    expect(model(image).dataSync()[0]).toBe(0);
    const map = ablationCam(model, image, 0, { ...RAW, maxChannels: 1 });
    // Of two channels of the same deviation the first is tried: its weight is its mean.
    const mean = tf.mean(twice(image)).dataSync()[0]!;
    expectClose(map, tf.mul(image, 2 * mean).dataSync(), 1e-5);
  });

  test("Score-CAM's weights are the softmax of the scores of the masked inputs", () => {
    const masked = tf.unstack(activation, 3).map((channel) => {
      const [low, high] = [tf.min(channel, [1, 2], true), tf.max(channel, [1, 2], true)];
      return tf.mul(x, tf.expandDims(tf.div(tf.sub(channel, low), tf.sub(high, low)), 3));
    });
    const scores = (model: (x: Tensor) => Tensor) =>
      tf.stack(
        masked.map((image) => ofClass(model(image))),
        1,
      );
    const logits = tf.reshape(tf.softmax(scores(pooled())), [2, 1, 1, CHANNELS]);
    for (const batchSize of [1, 3, 64]) {
      const map = scoreCam(pooled(), x, CLASS, { ...RAW, batchSize });
      expectClose(map, weightedSum(activation, logits), 1e-5);
    }
    const classifier = (y: Tensor) => tf.tidy(() => tf.softmax(pooled()(y)));
    const outputs = tf.reshape(tf.softmax(scores(classifier)), [2, 1, 1, CHANNELS]);
    expectClose(scoreCam(classifier, x, CLASS, RAW), weightedSum(activation, outputs), 1e-5);
    const ofLogits = scoreCam(classifier, x, CLASS, { ...RAW, score: 'logit' });
    expectClose(ofLogits, weightedSum(activation, logits), 1e-5);
  });

  test('maxChannels tries the channels of the greatest standard deviation, row by row', () => {
    // Channel c's deviation is its factor's, and the second row has them the other way round.
    const image = tf.randomUniform([1, HEIGHT, WIDTH, 3], 0, 1, 'float32', 10);
    const rows = tf.concat([
      tf.mul(image, tf.tensor1d([4, 2, 1])),
      tf.mul(image, tf.tensor1d([1, 2, 4])),
    ]);
    const layer = (y: Tensor): Tensor => tf.relu(y);
    const model = (y: Tensor) =>
      tf.tidy(() => tf.matMul(tf.mean(layer(y), [1, 2]) as Tensor2D, tf.tensor2d([[1], [1], [1]])));
    const map = ablationCam(model, rows, 0, { ...RAW, maxChannels: 1 });
    const [means, score] = [tf.mean(rows, [1, 2]), model(rows)];
    const kept = tf.mul(
      tf.div(means, score),
      tf.tensor2d([
        [1, 0, 0],
        [0, 0, 1],
      ]),
    );
    expectClose(map, weightedSum(rows, tf.reshape(kept, [2, 1, 1, 3])), 1e-5);
  });
});

/** A v, v by power iteration on A^T A. */
function alongFirstDirection(a: number[][]): number[] {
  const times = (m: number[][], v: number[]) =>
    m.map((row) => row.reduce((sum, value, i) => sum + value * v[i]!, 0));
  const transposed = a[0]!.map((_, c) => a.map((row) => row[c]!));
  let v = a[0]!.map(() => 1);
  for (let i = 0; i < 5000; i++) {
    v = times(transposed, times(a, v));
    const length = Math.hypot(...v);
    v = v.map((value) => value / length);
  }
  return times(a, v);
}
