// Oracle: a gradient of known signal and noise, whose correlation with the signal is known in
// closed form, for the whole map and for the part that the view shows.
import * as tf from '@tensorflow/tfjs-core';
import type { SmoothGradAsyncOptions, SmoothingProgress } from 'tfjs-saliency';
import { smoothGradAsync } from 'tfjs-saliency';
import { describeOnWasm } from '../backends.js';

describeOnWasm('reliabilityOf', () => {
  const PIXELS = 10_000;
  /** Two channels: one of ten times the signal of the other. */
  const SIGNALS = [0.2, 2];
  const NOISE = 1;
  /** Its gradient at 0 + noise is m + noise, with m of deviation SIGNALS[c] in channel c. */
  const hidden = (x: tf.Tensor) => {
    const m = tf.mul(tf.randomNormal([PIXELS, 2], 0, 1, 'float32', 7), tf.tensor1d(SIGNALS));
    const score = tf.sum(tf.add(tf.mul(x, m), tf.div(tf.square(x), 2)), [1, 2]);
    return tf.reshape(score, [-1, 1]);
  };
  const correlation = (signal: number, samples: number) =>
    Math.sqrt(signal ** 2 / (signal ** 2 + NOISE ** 2 / samples));
  const clear = (map: tf.Tensor) => tf.slice(map, [0, 1], [-1, 1]);

  async function run(options: SmoothGradAsyncOptions, images = 1): Promise<SmoothingProgress[]> {
    const told: SmoothingProgress[] = [];
    const input = tf.zeros([images, PIXELS, 2]);
    const before = tf.memory().numTensors;
    const onProgress = (progress: SmoothingProgress) => told.push(progress);
    const all = { stdDev: NOISE, seed: 8, batchSize: 4, ...options, onProgress };
    (await smoothGradAsync(hidden, input, 0, all)).dispose();
    expect(tf.memory().numTensors).toBe(before);
    input.dispose();
    return told;
  }

  test('is the reliability of what it shows', async () => {
    const view = (map: tf.Tensor) => clear(tf.squeeze(map, [0]));
    const plain = async (map: tf.Tensor) => {
      await Promise.resolve();
      return map;
    };
    for (const { done, reliability } of await run({ samples: 12, reliabilityOf: view })) {
      expect(Math.abs(reliability - correlation(SIGNALS[1]!, done))).toBeLessThan(0.02);
    }
    await expect(run({ samples: 4, reliabilityOf: plain as never })).rejects.toThrow(
      "smoothGradAsync: reliabilityOf's value must be a tensor, got a Promise; await it first",
    );
  });

  test('magnitudes: as the absolute values of two normal numbers correlate', async () => {
    const view = (map: tf.Tensor) => tf.abs(clear(tf.squeeze(map, [0])));
    // E|xy| = 2 / pi (sqrt(1 - r^2) + r asin(r)) of two of variance 1 and correlation r.
    const expected = (r: number) =>
      ((2 / Math.PI) * (Math.sqrt(1 - r ** 2) + r * Math.asin(r) - 1)) / (1 - 2 / Math.PI);
    for (const { done, reliability } of await run({
      samples: 12,
      stdDev: 3,
      reliabilityOf: view,
    })) {
      const r = correlation(SIGNALS[1]! / 3, done);
      expect(Math.abs(reliability - expected(r))).toBeLessThan(0.05);
    }
  });

  test('the default, by split halves, and the map itself agree', async () => {
    const options = { samples: 8 };
    const byDefault = await run(options);
    const itself = await run({ ...options, reliabilityOf: (map) => map });
    const read = await run({
      ...options,
      reliabilityOf: (map) => ({ data: map.dataSync(), shape: map.shape }),
    });
    byDefault.forEach(({ reliability }, i) => {
      expect(Math.abs(itself[i]!.reliability - reliability)).toBeLessThan(0.01);
      expect(read[i]!.reliability).toBe(itself[i]!.reliability);
    });
  });

  test('is estimated anew when there are 5 % more samples, and at the end', async () => {
    const told = await run({ samples: 70, batchSize: 1 });
    const estimated = told.filter(
      (each, i) => each.reliability !== (told[i - 1]?.reliability ?? 0),
    );
    const first = Array.from({ length: 20 }, (_, i) => i + 2);
    const later = [23, 25, 27, 29, 31, 33, 35, 37, 39, 41, 44, 47, 50, 53, 56, 59, 62, 66, 70];
    expect(estimated.map(({ done }) => done)).toEqual([...first, ...later]);
  });

  test('`until` stops at it, and secondsLeft foretells when', async () => {
    const until = 0.97;
    const view = (map: tf.Tensor) => clear(tf.squeeze(map, [0]));
    const told = await run({ until, batchSize: 1, reliabilityOf: view });
    // correlation = until at N = until^2 / (1 - until^2) / signal^2 = 4.0
    const needed = until ** 2 / (1 - until ** 2) / SIGNALS[1]! ** 2;
    expect(Math.abs(told.at(-1)!.done - needed)).toBeLessThan(1.5);
    expect(told.at(-1)!.secondsLeft).toBe(0);
    for (const { done, secondsLeft, samplesPerSecond } of told.slice(1, -1)) {
      expect(Math.abs(done + secondsLeft * samplesPerSecond - needed)).toBeLessThan(1.5);
    }
    expect(told[0]!.done + told[0]!.secondsLeft * told[0]!.samplesPerSecond).toBeCloseTo(1000);
    expect((await run({ samples: 6, until: undefined })).at(-1)!.secondsLeft).toBe(0);
  });

  test('of a batch, each image has its own; a view that mixes images is refused', async () => {
    const told = await run(
      { samples: 2, batchSize: 4, reliabilityOf: (map) => tf.slice(map, [0, 0, 1]) },
      2,
    );
    expect(told.at(-1)!.reliabilities).toHaveLength(2);
    await expect(
      run({ samples: 2, batchSize: 4, reliabilityOf: (map) => tf.sum(map, 0) }, 2),
    ).rejects.toThrow(
      "smoothGradAsync: reliabilityOf's value must be of shape [2, ...], got a tensor of shape [10000, 2]",
    );
    await expect(run({ samples: 2, reliabilityOf: 'blur' as never })).rejects.toThrow(
      "smoothGradAsync: reliabilityOf must be a function, got 'blur'",
    );
  });
});
