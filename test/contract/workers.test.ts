// Oracle: the same call in this thread, for every method; and for smoothing one worker's map for
// two workers'.
import * as tf from '@tensorflow/tfjs-core';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { smooth } from 'tfjs-saliency';
import type { ClassIndex, Progress } from 'tfjs-saliency';
import { connectSaliency } from 'tfjs-saliency/worker';
import type { Saliency } from 'tfjs-saliency/worker';
import { startWorker } from '../../examples/shared/startWorker.js';
import { describeOnWasm } from '../backends.js';
import { expectClose } from '../method/expectClose.js';
import { asFunction, asLayersModel, images } from './classifier.js';
import { bitsOf, METHODS } from './methods.js';

type ModelRef = 'function' | 'layers';

describeOnWasm('every method in workers', () => {
  const url = pathToFileURL(path.join(__dirname, 'served.ts'));
  const pools = [1, 2].map((workers) =>
    connectSaliency<ModelRef>(() => startWorker(url), { workers }),
  );
  const [one] = pools as [Saliency<ModelRef>];
  const local = { function: asFunction, layers: asLayersModel };
  const x = () => images(2);

  afterAll(() => Promise.all(pools.map((saliency) => saliency.close())));

  describe.each(METHODS)('%s', (name, { attribute, quick }) => {
    type Call = (
      ref: ModelRef,
      x: unknown,
      classIndex: ClassIndex,
      options?: object,
    ) => Promise<tf.Tensor>;
    const inWorker = (one as unknown as Record<string, Call>)[name]!;
    type Smooth = (method: string, ...call: Parameters<Call>) => Promise<tf.Tensor>;
    const smoothIn = (saliency: object) => (saliency as { smooth: Smooth }).smooth;

    test.each(Object.entries(local))('gives what it gives here, of %s', async (kind, build) => {
      const { model } = build();
      const CALLS: [ClassIndex, object][] = [
        ['argmax', {}],
        [[2, 0], { score: 'logProbability', batchSize: 2 }],
        [
          [
            [0, 1],
            [3, 2],
          ],
          {},
        ],
        [{ for: 1, against: 3 }, {}],
        [{ against: 1 }, {}],
      ];
      for (const [classIndex, more] of CALLS) {
        const options = { ...quick, ...more };
        const map = await inWorker(kind as ModelRef, x(), classIndex, options);
        const expected = attribute(model, x(), classIndex, options);
        expect(map.shape).toEqual(expected.shape);
        expectClose(map, expected.dataSync(), 1e-6);
      }
    });

    test('takes numbers with their shape, and gives such back', async () => {
      const data = x().dataSync<'float32'>();
      const result = await inWorker('function', { data, shape: [2, 8, 8, 3] }, 1, quick);
      const expected = attribute(asFunction().model, x(), 1, quick);
      expect(result.shape).toEqual(expected.shape);
      const { data: numbers } = result as unknown as { data: Float32Array };
      expectClose(tf.tensor1d(numbers), expected.dataSync(), 1e-6);
    });

    test('tells its progress from there', async () => {
      const told: Progress[] = [];
      const onProgress = (progress: Progress) => told.push(progress);
      const options = { ...quick, batchSize: 1, onProgress };
      await inWorker('function', x(), 1, options);
      const here: Progress[] = [];
      const onProgressHere = (progress: Progress) => here.push(progress);
      await attribute.async(asFunction().model, x(), 1, { ...options, onProgress: onProgressHere });
      expect(told.map(({ done, total }) => [done, total])).toEqual(
        here.map(({ done, total }) => [done, total]),
      );
      expect(told.length).toBeGreaterThan(1);
    });

    test('refuses an unknown option as it does here', async () => {
      await expect(inWorker('function', x(), 1, { frobnicate: 1 })).rejects.toThrow(
        `${name}: unknown option 'frobnicate'`,
      );
      await expect(smoothIn(one)(name, 'function', x(), 1, { frobnicate: 1 })).rejects.toThrow(
        `smooth(${name})Async: unknown option 'frobnicate'`,
      );
    });

    test('smoothed over 1 and 2 workers is the same map, that of smooth here', async () => {
      const { model } = asFunction();
      for (const statistic of ['mean', 'variance'] as const) {
        const options = { ...quick, samples: 5, seed: 3, stdDev: 0.2, batchSize: 2, statistic };
        const maps = await Promise.all(
          pools.map((saliency) => smoothIn(saliency)(name, 'function', x(), 'argmax', options)),
        );
        const expected = await smooth(attribute).async(model, x(), 'argmax', options);
        expect(maps[0]!.shape).toEqual(expected.shape);
        expectClose(maps[0]!, expected.dataSync(), 1e-5);
        expect(bitsOf(maps[1]!)).toEqual(bitsOf(maps[0]!));
      }
    });
  });

  test('an unknown method is refused with the list of those there are', async () => {
    const list = METHODS.map(([name]) => name);
    const methods = one as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    for (const call of [
      () => methods['gradKam']!('function', x(), 1),
      () => one.smooth('gradKam' as 'vanillaGradient', 'function', x(), 1),
    ]) {
      const error = (await call().catch((reason: unknown) => reason)) as Error;
      expect(error).toBeInstanceOf(RangeError);
      expect(error.message).toContain('method must be one of ');
      expect(error.message).toContain("got 'gradKam'");
      for (const name of list) expect(error.message).toContain(name);
    }
  });
});
