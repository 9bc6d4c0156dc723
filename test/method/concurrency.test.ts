// Oracle: each run alone. The event loop: the gaps between the ticks of a timer against the batches
// of the same run.
import * as tf from '@tensorflow/tfjs-core';
import type { Model, SmoothGradOptions } from 'tfjs-saliency';
import {
  integratedGradients,
  smooth,
  smoothGrad,
  smoothGradAsync,
  smoothGradSteps,
} from 'tfjs-saliency';
import { describeOnEachBackend, describeOnWasm } from '../backends.js';
import { nsfwModel } from '../model/trained.js';
import { stepsOf } from './stepsOf.js';

const dense = (seed: number) => (x: tf.Tensor) => {
  const weights = tf.randomNormal([12, 4], 0, 1, 'float32', seed) as tf.Tensor2D;
  return tf.softmax(tf.matMul(tf.pow(x, 3) as tf.Tensor2D, weights));
};
const input = (seed: number) => tf.randomNormal([12], 0, 1, 'float32', seed);

describeOnEachBackend('runs at once', () => {
  const RUNS: [string, Model, SmoothGradOptions][] = [
    ['a', dense(1), { seed: 1, batchSize: 2 }],
    ['another seed and batch', dense(1), { seed: 2, batchSize: 3 }],
    [
      'another score',
      dense(1),
      { seed: 1, batchSize: 2, score: 'logProbability', statistic: 'variance' },
    ],
    ['another model', dense(2), { seed: 1, batchSize: 1, antithetic: true, aggregate: 'maxAbs' }],
  ];

  test('on the same and on different models give what each gives alone, to the bit', async () => {
    const all = RUNS.map(
      ([, model, options], i) => [model, input(i), 'argmax', { samples: 8, ...options }] as const,
    );
    const before = tf.memory().numTensors;
    const expected = all.map((run) => tf.tidy(() => smoothGrad(...run).dataSync()));
    let running = 0;
    let together = 0;
    const onProgress = () => (together = Math.max(together, running));
    const maps = await Promise.all(
      all.map(async ([model, x, classIndex, options]) => {
        running++;
        const map = await smoothGradAsync(model, x, classIndex, { ...options, onProgress });
        running--;
        return map;
      }),
    );
    expect(together).toBe(4);
    maps.forEach((map, i) => {
      expect(map.dataSync()).toEqual(expected[i]);
      map.dispose();
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  test('of steps, of another method, and synchronous ones in between, too', async () => {
    const options = { samples: 8, seed: 3, batchSize: 2 };
    const [model, x] = [dense(1), input(9)];
    const expected = smoothGrad(model, x, 1, options).dataSync();
    const expectedPath = smooth(integratedGradients)(model, x, 1, {
      ...options,
      steps: 3,
    }).dataSync();
    const between = (): void => {
      expect(smoothGrad(model, x, 1, options).dataSync()).toEqual(expected);
    };
    const [steps, path] = await Promise.all([
      stepsOf(smoothGradSteps(model, x, 1, { ...options, onProgress: between })),
      smooth(integratedGradients).async(model, x, 1, { ...options, steps: 3 }),
    ]);
    expect(steps.at(-1)!.map.dataSync()).toEqual(expected);
    expect(path.dataSync()).toEqual(expectedPath);
  });

  test('of which one fails or is aborted do not disturb the other', async () => {
    const options = { samples: 8, seed: 4, batchSize: 1 };
    const [model, x] = [dense(1), input(8)];
    const expected = smoothGrad(model, x, 1, options).dataSync();
    const before = tf.memory().numTensors;
    let runs = 0;
    const failing = (rows: tf.Tensor) => {
      if (++runs === 3) throw new Error('out of luck');
      return model(rows);
    };
    const signal = AbortSignal.timeout(5);
    const [map, ...failures] = await Promise.allSettled([
      smoothGradAsync(model, x, 1, options),
      smoothGradAsync(failing, x, 1, options),
      smoothGradAsync(model, x, 1, { ...options, samples: 100_000, signal }),
    ]);
    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const { value } = map as PromiseFulfilledResult<tf.Tensor>;
    expect(value.dataSync()).toEqual(expected);
    value.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describeOnWasm('the event loop during a run of a trained model', () => {
  test('is free after each batch: no gap between ticks of a timer is longer than 1.5 batches', async () => {
    const size = 160;
    const model = await nsfwModel(size);
    const x = tf.randomUniform([size, size, 3], 0, 1, 'float32', 1);
    smoothGrad(model, x, 0, { samples: 2 }).dispose(); // the first pass prepares the weights

    const gaps: number[] = [];
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      gaps.push(now - last);
      last = now;
    }, 1);
    const batches: number[] = [];
    // From the moment at which one batch may begin to that of the next, by the run's own report.
    let begun = performance.now();
    const onProgress = () => {
      batches.push(performance.now() - begun);
      begun = performance.now();
    };
    const options = { samples: 12, batchSize: 1, seed: 1, onProgress };
    (await smoothGradAsync(model, x, 0, options)).dispose();
    clearInterval(timer);

    expect(batches).toHaveLength(12);
    expect(Math.min(...batches)).toBeGreaterThan(10);
    expect(gaps.length).toBeGreaterThanOrEqual(11);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1.5 * Math.max(...batches));
  });
});
