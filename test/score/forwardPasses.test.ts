// Passes for a score alone. Oracle: the number of buffers alive at the model's end, which is that
// of the model by itself.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { scoreCam } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';

const LAYERS = 12;

describeOnEachBackend('a pass without a way back', () => {
  test('keeps no activation and unfuses nothing', () => {
    const filter = tf.randomNormal([3, 3, 4, 4], 0, 0.3, 'float32', 1) as Tensor4D;
    const alive: number[] = [];
    const model = (x: Tensor): Tensor => {
      const before = tf.memory().numDataBuffers;
      let y = tf.relu(x);
      for (let i = 0; i < LAYERS; i++) {
        const options = { filter, strides: 1, pad: 'same', activation: 'elu' } as const;
        const next = tf.fused.conv2d({ x: y as Tensor4D, ...options });
        y.dispose();
        y = next;
      }
      alive.push(tf.memory().numDataBuffers - before);
      return tf.softmax(tf.mean(y, [1, 2]) as Tensor2D);
    };
    const x = tf.randomNormal([1, 6, 6, 4], 0, 1, 'float32', 2);
    scoreCam(model, x, 1).dispose();
    // The first pass has the layers' activations, of which the map is made.
    const [first, ...later] = alive;
    expect(first).toBeGreaterThan(LAYERS);
    expect(later).toEqual([1, 1, 1, 1]);
    tf.dispose([x, filter]);
  });
});
