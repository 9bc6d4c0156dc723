// Oracle: the same call in this thread; one worker's map for two workers'.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { kernelShap, rise } from 'tfjs-saliency';
import type { SmoothingProgress } from 'tfjs-saliency';
import { connectSaliency } from 'tfjs-saliency/worker';
import { startWorker } from '../../examples/shared/startWorker.js';
import { bitsOf } from '../contract/methods.js';
import { expectClose } from '../method/expectClose.js';
import { random } from './additive.js';
import { wavy } from './wavy.js';

describe('sampling methods in workers', () => {
  const url = pathToFileURL(path.join(__dirname, 'served.ts'));
  const pools = [1, 2].map((workers) =>
    connectSaliency<'now' | 'later'>(() => startWorker(url), { workers }),
  );
  const two = pools[1]!;
  const x = random([2, 6, 6, 1], 1);
  const options = { samples: 45, seed: 3, batchSize: 8 };

  beforeAll(() => tf.setBackend('cpu'));
  afterAll(() => Promise.all(pools.map((saliency) => saliency.close())));

  test('1 and 2 workers give the same map to the bit, that of this thread', async () => {
    for (const kind of ['now', 'later'] as const) {
      const maps = await Promise.all(pools.map((pool) => pool.rise(kind, x, 1, options)));
      expect(bitsOf(maps[1]!)).toEqual(bitsOf(maps[0]!));
      expectClose(maps[0]!, rise(wavy, x, 1, options).dataSync(), 1e-6);
      const shap = { ...options, segments: tf.reshape(tf.floorDiv(tf.range(0, 36), 9), [6, 6]) };
      const values = await Promise.all(pools.map((pool) => pool.kernelShap(kind, x, 1, shap)));
      expect(bitsOf(values[1]!)).toEqual(bitsOf(values[0]!));
      expectClose(values[0]!, kernelShap(wavy, x, 1, shap).dataSync(), 1e-5);
    }
  });

  test('progress is told of all workers together, and until ends the run', async () => {
    const told: SmoothingProgress[] = [];
    const onProgress = (progress: SmoothingProgress) => told.push(progress);
    const { samples: _, ...rest } = options;
    const map = await two.rise('now', x, 0, { ...rest, until: 0.8, onProgress });
    const last = told.at(-1)!;
    expect(last.reliability).toBeGreaterThanOrEqual(0.8);
    expect(last.done).toBeLessThan(last.total);
    expectClose(map, rise(wavy, x, 0, { ...options, samples: last.done }).dataSync(), 1e-5);
  });

  test('steps come after the numbers asked for', async () => {
    const { samples: _, ...rest } = options;
    const done: number[] = [];
    for await (const step of two.steps('rise', 'now', x, 0, { ...rest, at: [10, 30] })) {
      done.push(step.done);
      const expected = rise(wavy, x, 0, { ...options, samples: step.done });
      expectClose(step.map, expected.dataSync(), 1e-5);
    }
    expect(done).toEqual([10, 30]);
  });

  test('an abort ends the run, and the workers go on', async () => {
    const controller = new AbortController();
    const call = two.rise('later', x, 0, {
      signal: controller.signal,
      onProgress: () => {
        controller.abort('enough');
      },
    });
    await expect(call).rejects.toBe('enough');
    await expect(two.rise('later', x, 0, options)).resolves.toBeDefined();
  });

  test('errors are those of this thread', async () => {
    await expect(two.rise('now', x, 0, { samples: 0 })).rejects.toThrow(
      'rise: samples must be a positive integer, got 0',
    );
    await expect(two.steps('rise', 'now', x, 7, options).next()).rejects.toThrow(
      "rise.steps: classIndex must be less than the model's 2 outputs, got 7",
    );
  });
});
