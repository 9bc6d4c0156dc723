// Oracle: the same metric in this thread.
import * as tf from '@tensorflow/tfjs-core';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Progress } from 'tfjs-saliency';
import { connectSaliency } from 'tfjs-saliency/worker';
import { startWorker } from '../../examples/shared/startWorker.js';
import { describeOnWasm } from '../backends.js';
import { asFunction, images } from '../contract/classifier.js';
import { METRICS } from './metrics.js';

describeOnWasm('every metric in a worker', () => {
  const url = pathToFileURL(path.join(__dirname, '../contract/served.ts'));
  const saliency = connectSaliency<'function'>(() => startWorker(url));
  afterAll(() => saliency.close());

  type Measure = (
    metric: string,
    ref: 'function',
    input: unknown,
    classIndex: unknown,
    subject: unknown,
    options?: object,
  ) => Promise<{ score: number }>;
  const measure = (saliency as unknown as { measure: Measure }).measure;

  test.each(METRICS)('%s gives what it gives here', async (name, { run, quick, judges }) => {
    const [x, map] = [images(1), tf.randomNormal([8, 8], 0, 1, 'float32', 3)];
    const expected = run(map, asFunction().model, x, 'argmax', quick);
    const told: Progress[] = [];
    const onProgress = (progress: Progress) => told.push(progress);
    const subject = judges === 'map' ? map : 'vanillaGradient';
    const options = { ...quick, onProgress };
    const promise = measure(name, 'function', x, 'argmax', subject, options);
    x.dispose();
    const { score } = await promise;
    expect(score).toBeCloseTo(expected.score, 5);
    expect(told.length).toBeGreaterThan(0);
  });

  test('takes plain numbers, and is ended by a signal', async () => {
    const data = images(1).dataSync();
    const map = { data: new Float32Array(64).map((_, i) => i), shape: [8, 8] };
    const { score } = await saliency.measure(
      'deletion',
      'function',
      { data, shape: [1, 8, 8, 3] } as never,
      1,
      map,
    );
    expect(Number.isFinite(score)).toBe(true);
    const signal = AbortSignal.abort();
    await expect(
      saliency.measure('deletion', 'function', images(1), 1, map, { signal }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('an unknown metric and a wrong map are refused', async () => {
    await expect(measure('deletoin', 'function', images(1), 1, tf.ones([8, 8]))).rejects.toThrow(
      /^deletoin: metric must be one of .*deletion, .*got 'deletoin'/,
    );
    await expect(measure('deletion', 'function', images(1), 1, 3)).rejects.toThrow(
      'deletion: map must be a tensor, got 3',
    );
  });
});
