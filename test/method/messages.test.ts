// Oracle: the argument, what was given, and the way out, which each message has to name.
import * as tf from '@tensorflow/tfjs-core';
import { layers as tfl, sequential } from '@tensorflow/tfjs-layers';
import { integratedGradients, mobilenetV2, smoothGrad, vanillaGradient } from 'tfjs-saliency';
import type { Model } from 'tfjs-saliency';
import { describeOnWasm } from '../backends.js';
import { tensorCounts } from '../gradient/state.js';
import { expectError } from './expectError.js';

describeOnWasm('an input or model that is not ready', () => {
  const neverRun = (): tf.Tensor => {
    throw new Error('the model ran');
  };
  const pixels = { data: new Uint8ClampedArray(4 * 6), width: 3, height: 2 };
  const METHODS = Object.entries({ vanillaGradient, smoothGrad, integratedGradients });

  test.each(METHODS)(
    '%s: pixels without preprocess name that option, before the model runs',
    (name, method) => {
      expectError(
        () => method(neverRun, pixels, 0),
        TypeError,
        `${name}: input must be a tensor, got { data, width, height }; for an image give the option preprocess too, a preset such as mobilenetV2`,
      );
    },
  );

  test.each(METHODS)(
    '%s: a model or an input that was not awaited says await',
    async (name, method) => {
      const model = Promise.resolve(neverRun);
      expectError(
        () => method(model as unknown as Model, tf.ones([1, 2]), 0),
        TypeError,
        `${name}: model must be a function or an object with a predict method, got a Promise; await it first`,
      );
      const input = Promise.resolve(tf.ones([1, 2]));
      expectError(
        () => method(neverRun, input as unknown as tf.Tensor, 0),
        TypeError,
        `${name}: input must be a tensor, got a Promise; await it first`,
      );
      await expect(method.async(neverRun, input as unknown as tf.Tensor, 0)).rejects.toThrow(
        /input must be a tensor, got a Promise; await it first$/,
      );
    },
  );

  test('an asynchronous function as model says so, and leaves nothing', () => {
    const before = tensorCounts();
    const x = tf.ones([1, 2]);
    const model = ((input: tf.Tensor) => Promise.resolve(input)) as unknown as Model;
    expect(() => vanillaGradient(model, x, 0)).toThrow(
      /model must be synchronous .* got a Promise/,
    );
    x.dispose();
    expect(tensorCounts()).toEqual(before);
  });

  test('pixels with a preset of another size than the model name both', () => {
    const model = sequential({
      layers: [tfl.flatten({ inputShape: [8, 8, 3] }), tfl.dense({ units: 2 })],
    });
    const before = tensorCounts();
    expect(() => vanillaGradient(model, pixels, 0, { preprocess: mobilenetV2 })).toThrow(
      /^vanillaGradient: the input after preprocessing with mobilenetV2 must have shape \[n, 8, 8, 3\] or \[8, 8, 3\], got \[1, 224, 224, 3\]$/,
    );
    expect(tensorCounts()).toEqual(before);
  });
});
