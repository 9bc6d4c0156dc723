// Oracle: bilinear interpolation by hand, and the map of each layer by itself.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { gradCam, guidedBackprop, guidedGradCam, hiResCam, layers } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';
import { expectClose } from '../method/expectClose.js';
import { expectError } from '../method/expectError.js';

const mean = (x: Tensor): Tensor2D => tf.reshape(tf.mean(x, [1, 2, 3]), [-1, 1]);

describeOnEachBackend('the map of a layer', () => {
  /** Two places, each of 2 x 2 pixels: a and b. */
  const twoPlaces = (a: number, b: number) => tf.tensor4d([a, a, b, b, a, a, b, b], [1, 2, 4, 1]);
  /** Halves what it pools; the sum of both places is the score. */
  const model = (x: Tensor) =>
    tf.tidy(() => tf.mul(mean(tf.mul(tf.avgPool(x as Tensor4D, 2, 2, 'valid'), 2)), 1));

  test('is upsampled with half-pixel centres', () => {
    const row = [1, 1.5, 2.5, 3];
    expectClose(gradCam(model, twoPlaces(1, 3), 0), [...row, ...row]);
    expectClose(gradCam(model, twoPlaces(1, 3), 0, { upsample: false }), [1, 3]);
  });

  test('is rectified before it is upsampled', () => {
    const row = [0, 0.75, 2.25, 3];
    expectClose(gradCam(model, twoPlaces(-1, 3), 0, { relu: true }), [...row, ...row]);
  });

  test('of several layers is the mean of theirs, each divided by its greatest magnitude', () => {
    const deep = (x: Tensor) =>
      tf.tidy(() => {
        const first = tf.relu(tf.mul(x, tf.tensor1d([1, -1])));
        const second = tf.square(tf.avgPool(first as Tensor4D, 2, 2, 'same'));
        const unused = tf.mul(second, 0);
        return mean(tf.add(second, unused));
      });
    const x = tf.randomNormal([2, 4, 6, 2], 0, 1, 'float32', 1);
    const names = layers(deep, x).map(({ name }) => name);
    const shapes = layers(deep, x).map(({ shape }) => shape.join());
    expect(shapes[0]).toBe('4,6,2');
    const relu = names.find((name) => name.startsWith('Relu'))!;
    const square = names.find((name) => name.startsWith('Square'))!;
    const maps = [relu, square].map((layer) => hiResCam(deep, x, 0, { layer }));
    const expected = maps
      .map((map) => tf.div(map, tf.max(tf.abs(map), [1, 2, 3], true)))
      .reduce((a, b) => tf.add(a, b));
    expectClose(
      hiResCam(deep, x, 0, { layer: [relu, square] }),
      tf.div(expected, 2).dataSync(),
      1e-5,
    );
  });

  test('is 0 for layers whose map is', () => {
    const map = gradCam(model, twoPlaces(0, 0), 0, { layer: [-1, -1] });
    expect(map.dataSync().every((value) => value === 0)).toBe(true);
  });

  test('guided Grad-CAM is guided backpropagation times the positive part', () => {
    const x = twoPlaces(-1, 3);
    const positive = gradCam(model, x, 0, { relu: true });
    const expected = tf.mul(positive, guidedBackprop(model, x, 0)).dataSync();
    const map = guidedGradCam(model, x, 0);
    expect(map.shape).toEqual(x.shape);
    expectClose(map, expected);
  });

  test('needs an image, and one size of several layers', () => {
    expectError(
      () => gradCam((x) => x, tf.zeros([1, 5]), 0),
      RangeError,
      'gradCam: input must be an image [h, w, c], got shape [5]; ' +
        'vanillaGradient and its kin take any input',
    );
    expectError(
      () => gradCam(model, twoPlaces(1, 3), 0, { layer: [-1, -2], upsample: false }),
      RangeError,
      'gradCam: upsample must be true for several layers, got false',
    );
  });
});
