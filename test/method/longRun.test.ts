// Oracle: smoothGrad, which must give the same map; of the standard error, plain JavaScript.
import * as tf from '@tensorflow/tfjs-core';
import type { SmoothGradAsyncOptions, SmoothGradOptions, SmoothingProgress } from 'tfjs-saliency';
import { smoothGrad, smoothGradAsync, smoothGradSteps } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';
import { expectClose } from './expectClose.js';
import { stepsOf } from './stepsOf.js';

const FEATURES = 12;
const cubes = (x: tf.Tensor) => tf.mul(tf.pow(x, 3), 1 / 3);
/** [n, 12] -> [n, 3]: sums of cubes, whose gradients are squares times weights. */
const model = (x: tf.Tensor) =>
  tf.matMul(cubes(x) as tf.Tensor2D, tf.randomNormal([FEATURES, 3], 0, 1, 'float32', 1));
const image = () => tf.randomNormal([FEATURES], 0, 1, 'float32', 2);
const batch = () => tf.randomNormal([2, FEATURES], 0, 1, 'float32', 3);

const OPTIONS: [string, SmoothGradOptions][] = [
  ['the defaults', {}],
  ['small batches', { batchSize: 3 }],
  ['the variance', { statistic: 'variance', batchSize: 4 }],
  ['antithetic noise', { antithetic: true, batchSize: 3 }],
  ["every sample's own class", { perSampleArgmax: true, batchSize: 4 }],
];

describeOnEachBackend('smoothGradAsync', () => {
  test.each(OPTIONS)('gives the map of smoothGrad, to the bit, with %s', async (_, options) => {
    for (const input of [image(), batch()]) {
      const all = { samples: 10, seed: 4, ...options };
      const map = await smoothGradAsync(model, input, 'argmax', all);
      expect(map.shape).toEqual(input.shape);
      expect(map.dataSync()).toEqual(smoothGrad(model, input, 'argmax', all).dataSync());
    }
  });

  test('tells its progress after each pass', async () => {
    const told: SmoothingProgress[] = [];
    const options = {
      samples: 10,
      seed: 4,
      batchSize: 4,
      onProgress: (progress: SmoothingProgress) => told.push(progress),
    };
    await smoothGradAsync(model, image(), 0, options);
    expect(told.map(({ done, total }) => [done, total])).toEqual([
      [4, 10],
      [8, 10],
      [10, 10],
    ]);
    for (const { samplesPerSecond, secondsLeft, done, reliability, reliabilities } of told) {
      expect(samplesPerSecond).toBeGreaterThan(0);
      expect(secondsLeft).toBeCloseTo((10 - done) / samplesPerSecond);
      expect([reliability]).toEqual(reliabilities);
    }
  });

  test('gives the event loop a turn after each pass', async () => {
    let turns = 0;
    const count = () => {
      turns++;
      timer = setImmediate(count);
    };
    let timer = setImmediate(count);
    await smoothGradAsync(model, image(), 0, { samples: 6, batchSize: 1 });
    clearImmediate(timer);
    expect(turns).toBeGreaterThanOrEqual(5);
  });

  test('does not need its input once it has returned its promise, nor the tidy it was called in', async () => {
    const options = { samples: 6, batchSize: 2, seed: 1 };
    const input = image();
    const expected = smoothGrad(model, input, 'argmax', options).dataSync();
    const before = tf.memory().numTensors;
    let running!: Promise<tf.Tensor>;
    tf.tidy(() => {
      running = smoothGradAsync(model, tf.clone(input), 'argmax', options);
    });
    const map = await running;
    expect(map.dataSync()).toEqual(expected);
    map.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describeOnEachBackend('ending a run', () => {
  /** Runs, and expects it to fail and to leave nothing behind. */
  async function failure(f: typeof model, options: SmoothGradAsyncOptions): Promise<unknown> {
    const input = image();
    const before = tf.memory().numTensors;
    let thrown: unknown;
    await smoothGradAsync(f, input, 'argmax', { samples: 20, batchSize: 2, ...options }).catch(
      (error: unknown) => {
        thrown = error;
      },
    );
    expect(tf.memory().numTensors).toBe(before);
    return thrown;
  }

  test('an aborted signal computes nothing', async () => {
    let runs = 0;
    const counted = (x: tf.Tensor) => {
      runs++;
      return model(x);
    };
    const reason = new Error('changed my mind');
    expect(await failure(counted, { signal: AbortSignal.abort(reason) })).toBe(reason);
    expect(runs).toBe(0);
  });

  test('aborting ends it within one pass', async () => {
    const controller = new AbortController();
    const told: number[] = [];
    const onProgress = ({ done }: SmoothingProgress) => {
      told.push(done);
      if (done === 6) controller.abort('enough');
    };
    expect(await failure(model, { signal: controller.signal, onProgress })).toBe('enough');
    expect(told).toEqual([2, 4, 6]);
  });

  test('an error in onProgress, or in the model later on, is passed on', async () => {
    const error = new Error('out of luck');
    const fail = () => {
      throw error;
    };
    expect(await failure(model, { onProgress: fail })).toBe(error);
    let runs = 0;
    expect(await failure((x) => (++runs === 4 ? fail() : model(x)), {})).toBe(error);
  });

  test('leaving the loop over the steps frees the rest', async () => {
    const input = image();
    const before = tf.memory().numTensors;
    for await (const { map, done } of smoothGradSteps(model, input, 0, {
      samples: 10,
      batchSize: 2,
    })) {
      map.dispose();
      if (done === 4) break;
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});

describeOnEachBackend('smoothGradSteps', () => {
  test('gives, after the numbers of samples asked for, the maps of so many samples', async () => {
    const at = [1, 2, 5, 9];
    const input = batch();
    const before = tf.memory().numTensors;
    const steps = await stepsOf(
      smoothGradSteps(model, input, [0, 2], { at, seed: 5, batchSize: 6 }),
    );
    expect(steps.map(({ done, total }) => [done, total])).toEqual(at.map((done) => [done, 9]));
    expect(tf.memory().numTensors).toBe(before + 4);
    for (const { map, done } of steps) {
      expectClose(
        map,
        smoothGrad(model, input, [0, 2], { samples: done, seed: 5 }).dataSync(),
        1e-5,
      );
    }
  });

  test('gives a step after each pass and at the end, if nothing is asked for', async () => {
    const steps = await stepsOf(smoothGradSteps(model, image(), 0, { samples: 10, batchSize: 4 }));
    expect(steps.map(({ done }) => done)).toEqual([4, 8, 10]);
    expect(steps.every((step) => !('standardError' in step))).toBe(true);
  });

  test('goes on to `samples` after the last of `at`', async () => {
    const steps = await stepsOf(
      smoothGradSteps(model, image(), 0, { at: [3], samples: 7, batchSize: 7 }),
    );
    expect(steps.map(({ done }) => done)).toEqual([3, 7]);
  });

  test("has the mean's standard error: the samples' deviation over the root of their number", async () => {
    const inputs: number[][] = [];
    const square = (x: tf.Tensor) => {
      inputs.push(...(tf.reshape(x, [-1, FEATURES]).arraySync() as number[][]));
      return tf.sum(tf.square(x), 1, true);
    };
    const options = { at: [1, 2, 5, 12], seed: 6, batchSize: 4, standardError: true };
    const steps = await stepsOf(smoothGradSteps(square, image(), 0, options));
    expect([...steps[0]!.standardError!.dataSync()]).toEqual(Array(FEATURES).fill(Infinity));
    for (const { standardError, done } of steps.slice(1)) {
      const expected = inputs[0]!.map((_, i) => {
        const gradients = inputs.slice(0, done).map((x) => 2 * x[i]!);
        const mean = gradients.reduce((sum, g) => sum + g) / done;
        const squares = gradients.reduce((sum, g) => sum + (g - mean) ** 2, 0);
        return Math.sqrt(squares / (done - 1) / done);
      });
      expectClose(standardError!, expected, 1e-5);
    }
  });
});
