// Oracle: the same metric in this thread.
import * as tf from '@tensorflow/tfjs-core';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { integratedGradients, parameterRandomizationTest } from 'tfjs-saliency';
import type { Progress, RandomizationStep } from 'tfjs-saliency';
import { connectSaliency } from 'tfjs-saliency/worker';
import { startWorker } from '../../examples/shared/startWorker.js';
import { describeOnWasm } from '../backends.js';
import { asFunction, images } from '../contract/classifier.js';
import { expectClose } from '../method/expectClose.js';
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

  test('yields the steps of the parameter randomisation test, as here', async () => {
    const x = images(1);
    const options = { seed: 3, methodOptions: { steps: 4 }, steps: 2 };
    const call = ['integratedGradients', 'function', x, 1, options] as const;
    const expected: RandomizationStep[] = [];
    const { model } = asFunction();
    const local = parameterRandomizationTest.steps(integratedGradients, model, x, 1, options);
    for await (const step of local) expected.push(step);
    const steps = [];
    for await (const step of saliency.randomizationSteps(...call)) steps.push(step);
    expect(steps.map(({ name, done, total }) => [name, done, total])).toEqual(
      expected.map(({ name, done, total }) => [name, done, total]),
    );
    steps.forEach(({ map, similarity }, i) => {
      expect(map.shape).toEqual(expected[i]!.map.shape);
      expectClose(tf.tensor(map.data, map.shape), expected[i]!.map.dataSync());
      expect(similarity).toBeCloseTo(expected[i]!.similarity, 4);
    });
    // Leaving the loop ends the test: the worker goes on with other work.
    for await (const { done } of saliency.randomizationSteps(...call)) {
      expect(done).toBe(1);
      break;
    }
    const signal = AbortSignal.abort();
    const aborted = saliency.randomizationSteps('gradCam', 'function', x, 1, { signal });
    await expect(aborted.next()).rejects.toMatchObject({ name: 'AbortError' });
    const wrong = saliency.randomizationSteps('gradCam', 'function', x, 1, { steps: 0 });
    await expect(wrong.next()).rejects.toThrow('steps must be a positive integer, got 0');
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
