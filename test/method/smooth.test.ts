// Oracle: closed forms on a linear model; smoothGrad, which is the smoothed vanillaGradient;
// recorded noise.
import * as tf from '@tensorflow/tfjs-core';
import type { SmoothingOptions } from 'tfjs-saliency';
import {
  gradientTimesInput,
  integratedGradients,
  smooth,
  smoothGrad,
  smoothGradAsync,
  smoothGradSteps,
  vanillaGradient,
} from 'tfjs-saliency';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';
import { expectClose } from './expectClose.js';
import { expectError } from './expectError.js';

const W = [0.5, -1.25, 3];
const X = [0.3, -2, 1.5];
const x = () => tf.tensor1d(X);
const linear = (input: tf.Tensor) => tf.reshape(tf.sum(tf.mul(input, tf.tensor1d(W)), 1), [-1, 1]);
const timesInput = X.map((each, i) => W[i]! * each);

describeOnEachBackend('gradientTimesInput', () => {
  test('of a linear model adds up to its score', () => {
    const map = gradientTimesInput(linear, x(), 0);
    expectClose(map, timesInput);
    expectClose(tf.sum(map), linear(tf.expandDims(x())).dataSync());
  });

  test('of a batch and several classes', () => {
    const model = (input: tf.Tensor) => tf.concat([linear(input), tf.mul(linear(input), 10)], 1);
    const batch = tf.stack([x(), tf.mul(x(), 2)]);
    const map = gradientTimesInput(model, batch, [
      [0, 1],
      [1, 0],
    ]);
    expect(map.shape).toEqual([2, 2, 3]);
    expectClose(
      map,
      [1, 20, 10, 2].flatMap((factor) => timesInput.map((each) => factor * each)),
    );
    expectNoLeak(() => gradientTimesInput((input) => input, batch, 0));
  });
});

describeOnEachBackend('smooth', () => {
  const cubes = (input: tf.Tensor) => tf.pow(input, 3);
  const options: SmoothingOptions = { samples: 6, seed: 1, stdDev: 0.5 };

  test('vanillaGradient smoothed is smoothGrad, to the bit', async () => {
    const smoothed = smooth(vanillaGradient);
    const expected = smoothGrad(cubes, x(), 2, options).dataSync();
    expect(smoothed(cubes, x(), 2, options).dataSync()).toEqual(expected);
    expect((await smoothed.async(cubes, x(), 2, options)).dataSync()).toEqual(expected);
    for await (const { map, done } of smoothed.steps(cubes, x(), 2, { ...options, at: [6] })) {
      expect(done).toBe(6);
      expect(map.dataSync()).toEqual(expected);
    }
    expect((await smoothGradAsync(cubes, x(), 2, options)).dataSync()).toEqual(expected);
  });

  test('gradient times input takes the noisy input: w (x + e), whose mean over antithetic noise is w x', () => {
    expectClose(
      smooth(gradientTimesInput)(linear, x(), 0, { ...options, antithetic: true }),
      timesInput,
    );
    const noise = (shape: number[], sample: number) => tf.fill(shape, sample);
    const map = smooth(gradientTimesInput)(linear, x(), 0, { samples: 3, stdDev: 0.5, noise });
    expectClose(
      map,
      X.map((each, i) => W[i]! * (each + 0.5)),
    );
  });

  test('integrated gradients go from the baseline to the noisy input', () => {
    const noise = (shape: number[], sample: number) => tf.fill(shape, sample);
    const all = { samples: 3, stdDev: 0.5, noise, baseline: 2, steps: 3 };
    expectClose(
      smooth(integratedGradients)(linear, x(), 0, all),
      X.map((each, i) => W[i]! * (each + 0.5 - 2)),
    );
    // Of a cubic model: the mean of (x + e)^3 - b^3.
    const expected = X.map((each) =>
      [0, 0.5, 1].reduce((sum, e) => sum + ((each + e) ** 3 - 8) / 3, 0),
    );
    const model = (input: tf.Tensor) => tf.sum(cubes(input), 1, true);
    expectClose(smooth(integratedGradients)(model, x(), 0, all), expected, 1e-5);
  });

  test('neither the batch size matters nor which images are beside', () => {
    const batch = tf.stack([x(), tf.mul(x(), -1), tf.mul(x(), 2)]);
    const smoothed = smooth(integratedGradients);
    const model = (input: tf.Tensor) => tf.pow(linear(input), 3);
    const expected = smoothed(model, batch, 0, { ...options, steps: 4 }).dataSync();
    for (const batchSize of [1, 2, 5, 100]) {
      expectClose(smoothed(model, batch, 0, { ...options, steps: 4, batchSize }), expected, 1e-5);
    }
    expectClose(
      smoothed(model, tf.slice(batch, 1, 1), 0, { ...options, steps: 4 }),
      expected.slice(3, 6),
      1e-5,
    );
    expectNoLeak(() =>
      smoothed((input) => input, batch, 0, { ...options, steps: 4, batchSize: 5 }),
    );
  });

  test('the functions have the names that they are exported by, and that errors say', () => {
    const functions = [
      vanillaGradient,
      gradientTimesInput,
      integratedGradients,
      smoothGrad,
      smoothGradAsync,
      smoothGradSteps,
    ];
    expect(functions.map(({ name }) => name)).toEqual([
      'vanillaGradient',
      'gradientTimesInput',
      'integratedGradients',
      'smoothGrad',
      'smoothGradAsync',
      'smoothGradSteps',
    ]);
    const { name, async, steps } = smooth(integratedGradients);
    expect([name, async.name, steps.name]).toEqual([
      'smooth(integratedGradients)',
      'smooth(integratedGradients)Async',
      'smooth(integratedGradients)Steps',
    ]);
  });

  test('refuses what is no function, and names itself in errors', () => {
    expectError(
      () => smooth(undefined as never),
      TypeError,
      'smooth: attribution must be a function, got undefined',
    );
    expectError(
      () => smooth({} as never),
      TypeError,
      'smooth: attribution must be a function, got {}',
    );
    const unknown = "smooth(gradientTimesInput): unknown option 'sample', did you mean 'samples'?";
    expectError(
      () => smooth(gradientTimesInput)(linear, x(), 0, { sample: 1 } as never),
      TypeError,
      unknown,
    );
    const steps = 'smooth(integratedGradients): steps must be a positive integer, got 0';
    expectError(() => smooth(integratedGradients)(linear, x(), 0, { steps: 0 }), RangeError, steps);
  });
});
