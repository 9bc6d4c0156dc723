// What a pass keeps for a CAM. Oracle: the first pass of a model, which keeps all; buffers are
// counted at the model's end.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { gradCam } from 'tfjs-saliency';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';

const DEPTH = 12;

describeOnEachBackend('a pass for a CAM', () => {
  /** Layers of one channel count, each of which frees what it read, as models with `predict` do. */
  function modelOf() {
    const alive: number[] = [];
    const model = (x: Tensor): Tensor => {
      const before = tf.memory().numDataBuffers;
      let y = tf.relu(x);
      for (let i = 0; i < DEPTH; i++) {
        const next = tf.relu(tf.mul(y, 1 + i / 10));
        y.dispose();
        y = next;
      }
      alive.push(tf.memory().numDataBuffers - before);
      const features = tf.sub(tf.square(y as Tensor4D), 0.5);
      return tf.matMul(tf.mean(features, [1, 2]) as Tensor2D, tf.ones([4, 3]));
    };
    return { model, alive };
  }

  const image = () => tf.randomNormal([1, 5, 6, 4], 0, 1, 'float32', 1);

  test('keeps nothing below the layer from the second call on, with the same map', () => {
    const { model, alive } = modelOf();
    const x = image();
    const maps = [1, 2, 3].map(() => tf.tidy(() => gradCam(model, x, 1).dataSync()));
    expect(maps[1]).toEqual(maps[0]);
    expect(maps[2]).toEqual(maps[0]);
    const [first, ...later] = alive as [number, ...number[]];
    expect(later.every((count) => count <= first - DEPTH)).toBe(true);
    expectNoLeak(() => gradCam(model, x, 1));
  });

  test('begins anew where the layer is an earlier one than before', () => {
    const x = image();
    let isDeep = true;
    const model = (y: Tensor): Tensor => {
      const shallow = tf.relu(y);
      const features = isDeep ? tf.relu(tf.mul(tf.sub(shallow, 0.1), 2)) : shallow;
      return tf.matMul(tf.mean(features, [1, 2]) as Tensor2D, tf.ones([4, 3]));
    };
    const map = () => tf.tidy(() => gradCam(model, x, 1).dataSync());
    const deep = map();
    isDeep = false;
    const shallow = map();
    const untouched = (y: Tensor): Tensor => model(y);
    expect(shallow).toEqual(tf.tidy(() => gradCam(untouched, x, 1).dataSync()));
    isDeep = true;
    expect(map()).toEqual(deep);
    expectNoLeak(() => gradCam(model, x, 1));
  });
});
