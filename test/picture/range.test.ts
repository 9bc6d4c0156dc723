// Oracle: the contract. Floats up to 1 are an image in 0..1, which shown as bytes would be black.
import * as tf from '@tensorflow/tfjs-core';
import { encodePNG, grid, overlay, toCanvas, toImageData } from 'tfjs-saliency';
import type { PlainTensor } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends';
import { exactly } from './exactly';

type Picture = tf.Tensor | PlainTensor;

const context = {
  createImageData: (w: number, h: number) => ({ data: new Uint8ClampedArray(4 * w * h) }),
  putImageData: () => undefined,
};
const canvas = { width: 0, height: 0, getContext: () => context };

const map = { data: [0, 1], shape: [1, 2] };
const USES: [string, string, (picture: Picture) => unknown][] = [
  ['overlay', 'image', (picture) => overlay(picture, map)],
  ['grid', 'pictures[0]', (picture) => grid([picture])],
  ['encodePNG', 'picture', encodePNG],
  ['toImageData', 'picture', toImageData],
  ['toCanvas', 'picture', (picture) => toCanvas(picture, canvas)],
];

describeOnEachBackend('images in 0..1', () => {
  test.each(USES)('%s refuses floats', async (name, argument, use) => {
    const error = new RangeError(
      `${name}: ${argument} must be RGB values from 0 to 255, not floats up to 1, got 1; ` +
        'multiply an image in 0..1 by 255',
    );
    const run = (picture: Picture) => Promise.resolve().then(() => use(picture));
    const data = [0, 0.5, 1];
    await expect(run(tf.tensor3d(data, [1, 1, 3]))).rejects.toThrow(exactly(error));
    await expect(run({ data, shape: [1, 1, 3] })).rejects.toThrow(exactly(error));
    const floats = Float32Array.from(data);
    await expect(run({ data: floats, shape: [1, 1, 3] })).rejects.toThrow(exactly(error));
  });

  test.each(USES)('%s takes integers, black, and floats beyond 1', async (_, __, use) => {
    const accepted: Picture[] = [
      tf.tensor3d([0, 1, 1], [1, 1, 3], 'int32'),
      { data: Uint8Array.of(0, 1, 1), shape: [1, 1, 3] },
      { data: Uint8ClampedArray.of(0, 1, 1), shape: [1, 1, 3] },
      tf.zeros([1, 1, 3]),
      tf.tensor3d([-0.3, 0, 0], [1, 1, 3]),
      tf.tensor3d([0, 0.5, 1.5], [1, 1, 3]),
    ];
    for (const picture of accepted) await use(picture);
  });

  test('overlay refuses pixels of floats, too', () => {
    const data = Float32Array.of(0, 0.5, 1, 0.2);
    expect(() => overlay({ data, width: 2, height: 2 }, map)).toThrow(/multiply .* by 255$/);
  });
});
