// Oracle: tfjs's own count of tensors, and its state, before and after a call, for every method.
import * as tf from '@tensorflow/tfjs-core';
import type { Model } from 'tfjs-saliency';
import { describeOnWasm, expectNoLeak } from '../backends.js';
import { stateOf, tensorCounts } from '../gradient/state.js';
import { images, KINDS } from './classifier.js';
import type { Classifier } from './classifier.js';
import { bitsOf, METHODS } from './methods.js';

/** The model with something done in its nth pass, after it has computed. */
function onPass(model: Model, nth: number, act: () => void): { model: Model; passes(): number } {
  let passes = 0;
  const wrap = (run: () => tf.Tensor): tf.Tensor => {
    const y = run();
    if (++passes === nth) act();
    return y;
  };
  const counted: Model =
    typeof model === 'function'
      ? (x) => wrap(() => model(x) as tf.Tensor)
      : Object.assign(Object.create(model) as Exclude<Model, (...args: never[]) => unknown>, {
          predict: (x: tf.Tensor, config: object) =>
            wrap(() => model.predict(x, config) as tf.Tensor),
        });
  return { model: counted, passes: () => passes };
}

describeOnWasm('what a call leaves', () => {
  describe.each(KINDS)('with %s', (_, build) => {
    describe.each(METHODS)('%s', (__, { attribute, quick }) => {
      const options = { ...quick, batchSize: 1 };
      let classifier: Classifier;
      let x: tf.Tensor;
      let before: unknown;

      const present = (): unknown => [stateOf('wasm'), tensorCounts()];
      const passesOf = (): number => {
        const { model, passes } = onPass(classifier.model, 0, () => undefined);
        attribute(model, x, 'argmax', options).dispose();
        return passes();
      };

      beforeAll(() => {
        classifier = build();
        x = images(2);
        // tfjs finds some of its flags out on first use.
        attribute(classifier.model, x, 'argmax', options).dispose();
      });
      afterAll(() => {
        x.dispose();
        classifier.dispose();
      });
      beforeEach(() => {
        before = present();
      });

      test('one tensor, and tfjs as before', () => {
        expectNoLeak(() => attribute(classifier.model, x, [1, 2], options));
        expectNoLeak(() =>
          attribute(
            classifier.model,
            x,
            [
              [1, 2],
              [0, 3],
            ],
            options,
          ),
        );
        expect(present()).toEqual(before);
      });

      test('one tensor after the asynchronous function', async () => {
        const result = await attribute.async(classifier.model, x, 'argmax', options);
        expect(tf.memory().numTensors).toBe((before as [unknown, tf.MemoryInfo])[1].numTensors + 1);
        result.dispose();
        expect(present()).toEqual(before);
      });

      test('a result that a tidy around it owns', () => {
        const kept = tf.tidy(() => tf.neg(attribute(classifier.model, x, 1, options)));
        expect(tf.memory().numTensors).toBe((before as [unknown, tf.MemoryInfo])[1].numTensors + 1);
        kept.dispose();
      });

      test('one tensor if the asynchronous function was called in a tidy, which ends before it', async () => {
        const expected = attribute(classifier.model, x, 'argmax', options);
        let call: Promise<tf.Tensor> | undefined;
        tf.tidy(() => {
          call = attribute.async(classifier.model, tf.add(x, 0), 'argmax', options);
        });
        const result = await call!;
        expect(bitsOf(result)).toEqual(bitsOf(expected));
        tf.dispose([result, expected]);
        expect(present()).toEqual(before);
      });

      test('nothing after an error in the first, second or last pass', async () => {
        for (const nth of [1, 2, passesOf()]) {
          const broken = () =>
            onPass(classifier.model, nth, () => {
              throw new Error('out of luck');
            }).model;
          expect(() => attribute(broken(), x, 'argmax', options)).toThrow('out of luck');
          expect(present()).toEqual(before);
          await expect(attribute.async(broken(), x, 'argmax', options)).rejects.toThrow(
            'out of luck',
          );
          expect(present()).toEqual(before);
        }
      });

      test('nothing, and no pass more, after an abort in any pass', async () => {
        for (const nth of new Set([1, 2, passesOf()])) {
          const controller = new AbortController();
          const { model, passes } = onPass(classifier.model, nth, () => {
            controller.abort('enough');
          });
          const call = attribute.async(model, x, 'argmax', {
            ...options,
            signal: controller.signal,
          });
          await expect(call).rejects.toBe('enough');
          expect(passes()).toBe(nth);
          expect(present()).toEqual(before);
        }
      });

      test('nothing after an error in onProgress, or an abort there', async () => {
        for (const end of ['throw', 'abort']) {
          const controller = new AbortController();
          const onProgress = () => {
            if (end === 'throw') throw new Error('enough');
            controller.abort(new Error('enough'));
          };
          const { signal } = controller;
          await expect(
            attribute.async(classifier.model, x, 1, { ...options, onProgress, signal }),
          ).rejects.toThrow('enough');
          expect(present()).toEqual(before);
        }
      });

      test('no pass with a signal that is aborted already', async () => {
        const { model, passes } = onPass(classifier.model, 0, () => undefined);
        const signal = AbortSignal.abort('changed my mind');
        await expect(attribute.async(model, x, 1, { ...options, signal })).rejects.toBe(
          'changed my mind',
        );
        expect(passes()).toBe(0);
        expect(present()).toEqual(before);
      });
    });
  });
});
