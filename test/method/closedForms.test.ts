import * as tf from '@tensorflow/tfjs-core';
import { smoothGrad, vanillaGradient } from 'tfjs-saliency';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';

const WEIGHTS = [0.5, -1.25, 3, 0.1, 7, -2];

describeOnEachBackend('a linear model', () => {
  const linear = (x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, tf.tensor2d(WEIGHTS, [3, 2]));

  test('has its weights as gradient, to the bit', () => {
    const gradient = vanillaGradient(linear, tf.tensor1d([1, 2, 3]), 1);
    expect(gradient.shape).toEqual([3]);
    expect([...gradient.dataSync()]).toEqual([...Float32Array.from([-1.25, 0.1, -2])]);
  });

  test('smoothGrad', () => {
    const x = tf.tensor1d([1, 2, 3]);
    expectNoLeak(() => smoothGrad(linear, x, 1, { samples: 4 }));
    expect([...smoothGrad(linear, x, 0, { samples: 4 }).dataSync()]).toEqual([0.5, 3, 7]);
  });
});
