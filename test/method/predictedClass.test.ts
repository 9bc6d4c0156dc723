// Oracle: linear models, whose class is known at every point of a path and for every noise.
import * as tf from '@tensorflow/tfjs-core';
import {
  gradientTimesInput,
  integratedGradients,
  smooth,
  smoothGrad,
  vanillaGradient,
} from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';
import { expectClose } from './expectClose.js';

/** [2 x - 1, 0.5 - x]: class 0 wins at x = 1, class 1 at x = 0. */
const crossing = (x: tf.Tensor) =>
  tf.concat([tf.sub(tf.mul(x, 2), 1), tf.sub(0.5, x)], 1) as tf.Tensor2D;

describeOnEachBackend("'argmax' is the class of the clean input", () => {
  const one = () => tf.tensor1d([1]);

  test('at every point of a path: 2 x', async () => {
    for (const options of [{}, { batchSize: 1 }, { batchSize: 100 }, { steps: 3 }]) {
      expectClose(integratedGradients(crossing, one(), 'argmax', options), [2]);
      expectClose(await integratedGradients.async(crossing, one(), 'argmax', options), [2]);
      expectClose(
        smooth(integratedGradients)(crossing, one(), 'argmax', {
          ...options,
          samples: 1,
          stdDev: 0,
        }),
        [2],
      );
    }
  });

  test('of each image of a batch: 2 x, and -x', () => {
    const x = tf.tensor2d([[1], [0.25], [2]]);
    expectClose(integratedGradients(crossing, x, 'argmax'), [2, -0.25, 4]);
    expectClose(gradientTimesInput(crossing, x, 'argmax', { batchSize: 2 }), [2, -0.25, 4]);
  });

  test('under noise that makes another class win, unless every sample asks for its own', () => {
    const noise = () => tf.tensor1d([-1]);
    const options = { samples: 3, stdDev: 1, noise };
    expectClose(smoothGrad(crossing, one(), 'argmax', options), [2]);
    expectClose(smoothGrad(crossing, one(), 'argmax', { ...options, perSampleArgmax: true }), [-1]);
    expectClose(
      smooth(integratedGradients)(crossing, one(), 'argmax', {
        ...options,
        noise: () => tf.tensor1d([-0.75]),
      }),
      [0.5],
    );
  });

  test('for a score function too, which is handed that class', () => {
    const seen = new Set<number>();
    const score = (outputs: tf.Tensor, classes: tf.Tensor) => {
      classes.dataSync().forEach((each) => seen.add(each));
      return tf.sum(tf.mul(outputs, tf.cast(tf.oneHot(classes as tf.Tensor1D, 2), 'float32')), 1);
    };
    expectClose(integratedGradients(crossing, one(), 'argmax', { score }), [2]);
    expect([...seen]).toEqual([0]);
    expectClose(vanillaGradient(crossing, one(), 'argmax', { score }), [2]);
  });
});
