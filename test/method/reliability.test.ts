// Oracle: a gradient of known signal and noise, whose mean's correlation with the signal is known
// in closed form.
import * as tf from '@tensorflow/tfjs-core';
import type { SmoothingProgress } from 'tfjs-saliency';
import { smoothGradAsync, smoothGradSteps } from 'tfjs-saliency';
import { describeOnWasm } from '../backends.js';
import { stepsOf } from './stepsOf.js';

describeOnWasm('reliability', () => {
  const PIXELS = 20_000;
  const SIGNAL = 0.5;
  const NOISE = 2;
  /**
   * Its gradient is m + x with m of deviation SIGNAL over the pixels, so that noise of deviation
   * NOISE hides m.
   */
  const hidden = (x: tf.Tensor) => {
    const m = tf.randomNormal([PIXELS], 0, SIGNAL, 'float32', 7);
    return tf.sum(tf.add(tf.mul(x, m), tf.div(tf.square(x), 2)), 1, true);
  };
  const options = { stdDev: NOISE, seed: 8 };
  /** The correlation of m with the mean of N samples of m + noise. */
  const correlation = (samples: number) =>
    Math.sqrt(SIGNAL ** 2 / (SIGNAL ** 2 + NOISE ** 2 / samples));

  test("predicts the map's correlation with the converged one", async () => {
    const at = [4, 16, 64];
    for (const { reliability, done, map } of await stepsOf(
      smoothGradSteps(hidden, tf.zeros([PIXELS]), 0, { ...options, at }),
    )) {
      // The correlation of two halves over so many pixels is known to 5 / sqrt(PIXELS), of which
      // sqrt(r) keeps the most at small r.
      expect(Math.abs(reliability - correlation(done))).toBeLessThan(0.04);
      map.dispose();
    }
  });

  test('is that of the least reliable image of a batch, and there is one for each', async () => {
    const inputs = tf.stack([tf.zeros([PIXELS]), tf.randomNormal([PIXELS], 0, 20, 'float32', 9)]);
    const told: SmoothingProgress[] = [];
    const all = {
      ...options,
      samples: 16,
      batchSize: 32,
      onProgress: (progress: SmoothingProgress) => told.push(progress),
    };
    (await smoothGradAsync(hidden, inputs, 0, all)).dispose();
    const [first, second] = told[0]!.reliabilities;
    expect(told[0]!.reliability).toBe(first);
    expect(Math.abs(first! - correlation(16))).toBeLessThan(0.04);
    // The second one's gradient, m + its input, has forty times the signal.
    expect(second).toBeGreaterThan(0.99);
  });

  test('is 0 while one half has no sample, and 1 where samples do not differ', async () => {
    const [one, two] = await stepsOf(
      smoothGradSteps((x) => x, tf.tensor1d([1, 2, 3]), 0, { at: [1, 2] }),
    );
    expect(one!.reliability).toBe(0);
    expect(two!.reliability).toBeCloseTo(1, 6);
  });

  test('`until` stops the run with the first pass that reaches it', async () => {
    const told: SmoothingProgress[] = [];
    const all = {
      ...options,
      until: 0.6,
      batchSize: 4,
      onProgress: (progress: SmoothingProgress) => told.push(progress),
    };
    (await smoothGradAsync(hidden, tf.zeros([PIXELS]), 0, all)).dispose();
    const last = told.pop()!;
    expect(last.reliability).toBeGreaterThanOrEqual(0.6);
    expect(told.every(({ reliability }) => reliability < 0.6)).toBe(true);
    expect(correlation(last.done + 4)).toBeGreaterThan(0.6);
    expect(correlation(last.done - 4)).toBeLessThan(0.6);
  });

  test('`maxSamples` stops a run that does not reach it', async () => {
    const all = { ...options, until: 0.999, maxSamples: 6, batchSize: 4 };
    const steps = await stepsOf(smoothGradSteps(hidden, tf.zeros([PIXELS]), 0, all));
    expect(steps.map(({ done, total }) => [done, total])).toEqual([
      [4, 6],
      [6, 6],
    ]);
  });
});
