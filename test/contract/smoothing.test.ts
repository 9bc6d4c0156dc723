// Oracles: the method itself (one sample without noise; the mean over noisy inputs that the test
// makes), and the synchronous function for the others, for every method.
import * as tf from '@tensorflow/tfjs-core';
import { smooth } from 'tfjs-saliency';
import type { Model } from 'tfjs-saliency';
import { describeOnWasm } from '../backends.js';
import { tensorCounts } from '../gradient/state.js';
import { expectClose } from '../method/expectClose.js';
import { stepsOf } from '../method/stepsOf.js';
import { images, KINDS } from './classifier.js';
import type { Classifier } from './classifier.js';
import { bitsOf, METHODS } from './methods.js';

describeOnWasm('smoothing around every method', () => {
  describe.each(KINDS)('with %s', (_, build) => {
    let classifier: Classifier;
    let model: Model;
    let x: tf.Tensor;
    beforeAll(() => {
      classifier = build();
      ({ model } = classifier);
      x = images(2);
    });
    afterAll(() => {
      x.dispose();
      classifier.dispose();
    });

    describe.each(METHODS)('%s', (__, { attribute, quick }) => {
      // An option of smoothing's name is one of both.
      const withSamples = (samples: number) => ({
        ...quick,
        ...('samples' in quick && { samples }),
      });
      const smoothed = smooth(attribute);

      test('of one sample without noise is the method itself', () => {
        for (const classIndex of [
          'argmax',
          [2, 0],
          [
            [0, 1],
            [2, 3],
          ],
        ] as const) {
          const expected = attribute(model, x, classIndex as 'argmax', withSamples(1));
          const map = smoothed(model, x, classIndex as 'argmax', {
            ...quick,
            samples: 1,
            stdDev: 0,
          });
          expect(map.shape).toEqual(expected.shape);
          expectClose(map, expected.dataSync(), 1e-6);
        }
      });

      test('is the mean over noisy inputs, of the class predicted for the clean one', () => {
        const noises = [0.3, -0.5, 0.1];
        const noise = (shape: number[], sample: number) =>
          tf.mul(tf.randomNormal(shape, 0, 1, 'float32', 5), noises[sample]!);
        const map = smoothed(model, x, 'argmax', { ...quick, samples: 3, stdDev: 0.2, noise });
        const outputs = (typeof model === 'function' ? model(x) : model.predict(x)) as tf.Tensor;
        const classes = [...tf.argMax(outputs, 1).dataSync()];
        const expected = noises.map((__, sample) =>
          attribute(
            model,
            tf.add(x, tf.mul(noise([8, 8, 3], sample), 0.2)),
            classes,
            withSamples(3),
          ),
        );
        expectClose(map, tf.mean(tf.stack(expected), 0).dataSync(), 1e-5);
      });

      test('gives the same asynchronously, in steps, and in passes of any size', async () => {
        const options = { ...quick, samples: 4, seed: 3, noiseLevel: 0.1 };
        const expected = smoothed(model, x, 1, options);
        expect(bitsOf(await smoothed.async(model, x, 1, options))).toEqual(bitsOf(expected));
        const steps = await stepsOf(smoothed.steps(model, x, 1, { ...options, at: [1, 4] }));
        expect(steps.map(({ done }) => done)).toEqual([1, 4]);
        expectClose(steps[1]!.map, expected.dataSync(), 1e-5);
        expectClose(smoothed(model, x, 1, { ...options, batchSize: 3 }), expected.dataSync(), 1e-5);
      });

      test('leaves one tensor, and none after an abort in any of its passes', async () => {
        const options = { ...quick, samples: 2, batchSize: 1 };
        const before = tensorCounts();
        smoothed(model, x, 'argmax', options).dispose();
        (await smoothed.async(model, x, 'argmax', options)).dispose();
        expect(tensorCounts()).toEqual(before);
        for (const pass of [1, 2, 3, 5]) {
          const controller = new AbortController();
          let passes = 0;
          const counted = (input: tf.Tensor): tf.Tensor => {
            if (++passes === pass) controller.abort('enough');
            return (typeof model === 'function' ? model(input) : model.predict(input)) as tf.Tensor;
          };
          const { signal } = controller;
          const call = smoothed.async(counted, x, 'argmax', { ...options, signal });
          await expect(call).rejects.toBe('enough');
          expect(passes).toBe(pass);
          expect(tensorCounts()).toEqual(before);
        }
      });
    });
  });
});
