// Oracles: linear models, of which infidelity is 0 and muFidelity 1; the expectation of a squared
// normal number; sensitivity of a quadratic model, whose gradient is linear, by hand.
import * as tf from '@tensorflow/tfjs-core';
import {
  gradientTimesInput,
  infidelity,
  integratedGradients,
  maxSensitivity,
  muFidelity,
  smooth,
  vanillaGradient,
} from 'tfjs-saliency';
import { describeOnEachBackend, describeOnWasm } from '../backends.js';

const WEIGHTS = [2, 1, -1, 0.5, 0.25, -3];
const linear = (x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, tf.tensor2d(WEIGHTS, [6, 1]));
const input = () => tf.tensor1d([2, 1, 2, 6, 2, -1]);

/** A linear model of images [r, 6, 5, 2]. */
const imageWeights = () => tf.randomNormal([6, 5, 2], 0, 1, 'float32', 7);
const linearOfImages = Object.assign(
  (x: tf.Tensor) => tf.reshape(tf.sum(tf.mul(x, imageWeights()), [1, 2, 3]), [-1, 1]),
  { inputs: [{ shape: [null, 6, 5, 2] }] },
);
const image = () => tf.randomNormal([6, 5, 2], 0, 1, 'float32', 8);

describeOnEachBackend('infidelity', () => {
  test("is 0 for a linear model's gradient, whatever is taken away", () => {
    for (const perturbation of ['noise', 'squares'] as const) {
      const gradient = vanillaGradient(linear, input(), 0);
      const found = infidelity(linear, input(), 0, gradient, { perturbation });
      expect(found.score).toBeLessThan(1e-9);
      const map = vanillaGradient(linearOfImages, image(), 0);
      const options = { perturbation, samples: 20 };
      expect(infidelity(linearOfImages, image(), 0, map, options).score).toBeLessThan(1e-9);
    }
  });

  test('of a map of zeros is the mean square of the changes: sigma^2 |w|^2', () => {
    const squares = WEIGHTS.reduce((sum, weight) => sum + weight ** 2, 0);
    const options = { samples: 200, stdDev: 0.5, seed: 1 };
    const { score, standardError } = infidelity(linear, input(), 0, tf.zeros([6]), options);
    const expected = 0.25 * squares;
    expect(Math.abs(score - expected)).toBeLessThan(4 * standardError);
    // The square of a normal number has the deviation sqrt(2) times its mean.
    expect(standardError / ((expected * Math.SQRT2) / Math.sqrt(200))).toBeCloseTo(1, 0);
  });

  test('takes the map at its own scale, or at the best one', () => {
    const tripled = tf.mul(vanillaGradient(linear, input(), 0), 3);
    expect(infidelity(linear, input(), 0, tripled).score).toBeGreaterThan(0.1);
    const normalize = true;
    expect(infidelity(linear, input(), 0, tripled, { normalize }).score).toBeLessThan(1e-9);
    expect(infidelity(linear, input(), 0, tf.zeros([6]), { normalize }).score).toBeGreaterThan(0.1);
  });

  test('counts a map of one number a pixel for each of its channels', () => {
    const same = Object.assign(
      (x: tf.Tensor) => tf.reshape(tf.sum(tf.mul(x, 0.5), [1, 2, 3]), [-1, 1]),
      { inputs: linearOfImages.inputs },
    );
    expect(infidelity(same, image(), 0, tf.fill([6, 5], 0.5)).score).toBeLessThan(1e-9);
  });
});

describeOnEachBackend('muFidelity', () => {
  test('is 1 for w (x - baseline) of a linear model, and -1 for its negative', () => {
    const map = gradientTimesInput(linear, input(), 0);
    for (const correlation of ['pearson', 'spearman'] as const) {
      const options = { correlation, samples: 50, subset: 0.3 };
      expect(muFidelity(linear, input(), 0, map, options).score).toBeCloseTo(1, 4);
      expect(muFidelity(linear, input(), 0, tf.neg(map), options).score).toBeCloseTo(-1, 4);
    }
  });

  test('is 1 for integrated gradients of a linear model of images, in cells of pixels', () => {
    for (const baseline of ['blur', 0.3] as const) {
      const map = integratedGradients(linearOfImages, image(), 0, { baseline, steps: 2 });
      const options = { baseline, samples: 30, grid: 3 };
      expect(muFidelity(linearOfImages, image(), 0, map, options).score).toBeCloseTo(1, 4);
      const summed = tf.sum(map, -1);
      const wrong = muFidelity(linearOfImages, image(), 0, tf.mul(summed, 0.5), options).score;
      expect(wrong).toBeCloseTo(1, 4);
    }
  });

  test('is 0 for a map of zeros', () => {
    expect(muFidelity(linear, input(), 0, tf.zeros([6]), { samples: 9 }).score).toBe(0);
  });
});

/** Its gradient is x. */
const quadratic = (x: tf.Tensor) => tf.div(tf.sum(tf.square(x), 1, true), 2);

describeOnWasm('maxSensitivity', () => {
  test('is 0 for a linear model', () => {
    expect(maxSensitivity(vanillaGradient, linear, input(), 0)).toEqual({ score: 0, mean: 0 });
  });

  test("of a quadratic model is the move's length over the input's", () => {
    const options = { distance: 0.1, samples: 100 };
    const { score, mean } = maxSensitivity(vanillaGradient, quadratic, input(), 0, options);
    const length = Math.hypot(...input().dataSync());
    expect(score).toBeLessThan((0.1 * Math.sqrt(6)) / length);
    expect(score).toBeGreaterThan((0.1 * Math.sqrt(6 / 3)) / length);
    // The mean square of a uniform move is a third of its square.
    expect(mean).toBeCloseTo((0.1 * Math.sqrt(6 / 3)) / length, 3);
  });

  test('takes a radius of the range, the same seed the same moves, and any function', () => {
    const run = (options: object, attribution = vanillaGradient) =>
      maxSensitivity(attribution, quadratic, input(), 'argmax', { samples: 4, ...options });
    // The input's numbers go from -1 to 6.
    expect(run({ radius: 0.1 })).toEqual(run({ distance: 0.7 }));
    expect(run({ seed: 3 })).not.toEqual(run({ seed: 4 }));
    const custom = (...call: Parameters<typeof vanillaGradient>) => vanillaGradient(...call);
    expect(run({}, custom as typeof vanillaGradient)).toEqual(run({}));
  });

  test('a smoothed map is steadier, where the gradient jumps', () => {
    const steps = (x: tf.Tensor) => tf.sum(tf.relu(tf.sin(tf.mul(x, 40))), 1, true);
    const options = { distance: 0.05, samples: 10, seed: 2 };
    const plain = maxSensitivity(vanillaGradient, steps, input(), 0, options);
    const smoothed = maxSensitivity(
      (model, x, classIndex) =>
        smooth(vanillaGradient)(model, x, classIndex, { samples: 60, stdDev: 1, seed: 1 }),
      steps,
      input(),
      0,
      options,
    );
    expect(smoothed.mean).toBeLessThan(plain.mean);
  });
});
