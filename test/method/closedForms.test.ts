// Oracle: models whose gradients, and the gradients' moments under Gaussian noise, are known in
// closed form.
import * as tf from '@tensorflow/tfjs-core';
import { smoothGrad, vanillaGradient } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';
import { expectClose, expectWithin } from './expectClose.js';

const column = (y: tf.Tensor) => tf.reshape(y, [-1, 1]);

describeOnEachBackend('a linear model', () => {
  const WEIGHTS = [0.5, -1.25, 3, 0.1, 7, -2];
  const linear = (x: tf.Tensor) =>
    tf.add(tf.matMul(x as tf.Tensor2D, tf.tensor2d(WEIGHTS, [3, 2])), 5);

  test('has its weights as gradient, to the bit, wherever the input is', () => {
    for (const x of [tf.tensor1d([1, 2, 3]), tf.zeros([3]), tf.fill([3], -1e6)]) {
      const gradient = vanillaGradient(linear, x, 1);
      expect(gradient.shape).toEqual([3]);
      expect(gradient.dtype).toBe('float32');
      expect(gradient.dataSync()).toEqual(Float32Array.of(-1.25, 0.1, -2));
    }
  });

  test('has its weights as SmoothGrad, whatever the noise', () => {
    for (const noiseLevel of [0, 0.15, 10]) {
      expectClose(smoothGrad(linear, tf.tensor1d([1, 2, 3]), 0, { noiseLevel }), [0.5, 3, 7]);
    }
  });

  test('has no VarGrad', () => {
    const map = smoothGrad(linear, tf.tensor1d([1, 2, 3]), 0, { statistic: 'variance' });
    expectWithin(map, [0, 0, 0], [1e-11, 1e-11, 1e-11]);
  });
});

describeOnEachBackend('a quadratic model, x H x / 2 + b x', () => {
  const N = 4000;
  const SIGMA = 0.5;
  const H = [
    [2, -1, 0.5],
    [-1, 3, 0],
    [0.5, 0, -4],
  ];
  const B = [1, 0, -2];
  const X = [0.3, -0.7, 2];
  /**
   * Of the gradient: its mean, H x + b, and its variance under Gaussian noise, sigma^2 diag(H H).
   */
  const MEAN = H.map((row, i) => row.reduce((sum, h, j) => sum + h * X[j]!, B[i]!));
  const VARIANCE = H.map((row) => SIGMA ** 2 * row.reduce((sum, h) => sum + h * h, 0));

  const quadratic = (x: tf.Tensor) =>
    tf.sum(
      tf.mul(x, tf.add(tf.div(tf.matMul(x as tf.Tensor2D, tf.tensor2d(H)), 2), tf.tensor1d(B))),
      1,
      true,
    );
  const map = (options = {}) =>
    smoothGrad(quadratic, tf.tensor1d(X), 0, {
      samples: N,
      stdDev: SIGMA,
      seed: 1,
      batchSize: 512,
      ...options,
    });
  /** Five standard errors of a mean of N numbers of the given variances. */
  const fiveErrors = (variances: number[]) =>
    variances.map((variance) => 5 * Math.sqrt(variance / N));

  test('the gradient', () => {
    expectClose(vanillaGradient(quadratic, tf.tensor1d(X), 0), MEAN);
  });

  test("SmoothGrad's expectation is the gradient at x", () => {
    expectWithin(map(), MEAN, fiveErrors(VARIANCE));
  });

  test('and with antithetic noise it is exact after one pair', () => {
    expectClose(map({ samples: 2, antithetic: true }), MEAN);
  });

  test("VarGrad's is sigma^2 diag(H H)", () => {
    // The variance of a Gaussian's sample variance is 2 v^2 / N.
    expectWithin(
      map({ statistic: 'variance' }),
      VARIANCE,
      fiveErrors(VARIANCE.map((v) => 2 * v * v)),
    );
  });

  test("SmoothGrad-squared's is the squared gradient plus that", () => {
    // The variance of the square of a Gaussian of mean m is 2 v^2 + 4 m^2 v.
    const expected = MEAN.map((m, i) => m * m + VARIANCE[i]!);
    const variances = MEAN.map((m, i) => 2 * VARIANCE[i]! ** 2 + 4 * m * m * VARIANCE[i]!);
    expectWithin(map({ statistic: 'meanSquare' }), expected, fiveErrors(variances));
  });

  test("E|g|'s is that of a Gaussian of mean 0, sqrt(2 v / pi), where the gradient is 0", () => {
    const flat = (x: tf.Tensor) =>
      tf.sum(tf.mul(x, tf.matMul(x as tf.Tensor2D, tf.tensor2d(H))), 1, true);
    const options = {
      samples: N,
      stdDev: SIGMA / 2,
      seed: 2,
      batchSize: 512,
      statistic: 'meanAbs',
    } as const;
    const expected = VARIANCE.map((v) => Math.sqrt((2 * v) / Math.PI));
    const variances = VARIANCE.map((v) => v * (1 - 2 / Math.PI));
    expectWithin(smoothGrad(flat, tf.zeros([3]), 0, options), expected, fiveErrors(variances));
  });
});

describeOnEachBackend('a cubic model, the sum of x^3', () => {
  const N = 4000;
  const X = [-1.5, 0, 0.25, 2.5];
  const cubic = (x: tf.Tensor) => column(tf.sum(tf.pow(x, 3), 1));

  test('SmoothGrad is shifted by the noise: its expectation is 3 (x^2 + sigma^2)', () => {
    const sigma = 0.15 * 4; // the default noiseLevel of max - min
    const map = smoothGrad(cubic, tf.tensor1d(X), 0, { samples: N, seed: 3, batchSize: 512 });
    // The variance of (x + sigma e)^2 is 4 x^2 sigma^2 + 2 sigma^4.
    const errors = X.map((x) => 3 * Math.sqrt((4 * x * x * sigma ** 2 + 2 * sigma ** 4) / N));
    expectWithin(
      map,
      X.map((x) => 3 * (x * x + sigma ** 2)),
      errors.map((error) => 5 * error),
    );
  });

  test('and so it is by uniform noise of the same deviation', () => {
    const sigma = 0.8;
    const map = smoothGrad(cubic, tf.tensor1d(X), 0, {
      samples: N,
      seed: 4,
      stdDev: sigma,
      noise: 'uniform',
    });
    // u uniform on +-sqrt(3) has E u^4 = 9 / 5.
    const errors = X.map(
      (x) => 3 * Math.sqrt((4 * x * x * sigma ** 2 + (9 / 5 - 1) * sigma ** 4) / N),
    );
    expectWithin(
      map,
      X.map((x) => 3 * (x * x + sigma ** 2)),
      errors.map((error) => 5 * error),
    );
  });

  test('one sample without noise is the gradient', () => {
    const x = tf.tensor1d(X);
    const map = smoothGrad(cubic, x, 0, { samples: 1, noiseLevel: 0 });
    expect(map.dataSync()).toEqual(vanillaGradient(cubic, x, 0).dataSync());
    expectClose(
      map,
      X.map((x) => 3 * x * x),
    );
  });
});
