// Oracle: scipy.ndimage.gaussian_filter, mode 'reflect' (golden/blur.py), and laws of every blur.
import * as tf from '@tensorflow/tfjs-core';
import { blur } from 'tfjs-saliency';
import type { BlurOptions } from 'tfjs-saliency';
import { describeOnEachBackend, expectNoLeak } from '../backends';
import { exactly } from './exactly';
import golden from './golden/blur.json';

/** The formula of golden/blur.py. */
const valuesOf = (height: number, width: number): number[] =>
  Array.from({ length: height * width }, (_, at) => {
    const [i, j] = [Math.floor(at / width), at % width];
    return ((7 * i + 3 * j + i * j) % 11) - 4;
  });

describeOnEachBackend('blur', () => {
  test.each(golden)('as scipy: $height x $width, sigma $sigma', ({ height, width, ...given }) => {
    const map = tf.tensor2d(valuesOf(height, width), [height, width]);
    const result = blur(map, { sigma: given.sigma });
    expect([result.shape, result.dtype]).toEqual([[height, width], 'float32']);
    result.dataSync().forEach((value, i) => {
      expect(Math.abs(value - given.blurred[i]!)).toBeLessThan(2e-6);
    });
  });

  test('sigma is 0.02 unless given', () => {
    const map = tf.randomNormal([60, 90], 0, 1, 'float32', 51);
    expect(blur(map).dataSync()).toEqual(blur(map, { sigma: 0.02 }).dataSync());
  });

  test('a constant stays, and the sum of every map does', () => {
    const constant = blur(tf.fill([5, 9], 3), { sigma: 0.7 });
    for (const value of constant.dataSync()) expect(value).toBeCloseTo(3, 5);
    const map = tf.randomNormal([12, 9], 2, 1, 'float32', 52);
    expect(tf.sum(blur(map, { sigma: 0.3 })).dataSync()[0]).toBeCloseTo(
      tf.sum(map).dataSync()[0]!,
      3,
    );
  });

  test('each map of a batch is blurred alone, with a channel axis or without', () => {
    const maps = tf.randomNormal([3, 6, 8], 0, 1, 'float32', 53);
    const result = blur(maps, { sigma: 0.2 });
    tf.unstack(maps).forEach((map, i) => {
      expect(tf.unstack(result)[i]!.arraySync()).toEqual(blur(map, { sigma: 0.2 }).arraySync());
    });
    const channel = blur(tf.expandDims(maps, -1), { sigma: 0.2 });
    expect(channel.shape).toEqual([3, 6, 8, 1]);
    expect(channel.dataSync()).toEqual(result.dataSync());
  });

  test('plain numbers give plain numbers', () => {
    const map = tf.tensor2d(valuesOf(6, 5), [6, 5]);
    const plain = blur({ data: valuesOf(6, 5), shape: [6, 5] }, { sigma: 0.2 });
    expect(plain).toEqual({ data: blur(map, { sigma: 0.2 }).dataSync(), shape: [6, 5] });
  });

  test('the caller owns the result and the library nothing; the map is unchanged', () => {
    const map = tf.randomNormal([4, 4], 0, 1, 'float32', 54);
    const before = Array.from(map.dataSync());
    expectNoLeak(() => blur(map, { sigma: 0.5 }));
    expect(Array.from(map.dataSync())).toEqual(before);
  });
});

test.each<[unknown, Error]>([
  [{ sigma: 0 }, new RangeError('blur: sigma must be a number in (0, 1], got 0')],
  [{ sigma: 5 }, new RangeError('blur: sigma must be a number in (0, 1], got 5')],
  [{ sigma: NaN }, new RangeError('blur: sigma must be a number in (0, 1], got NaN')],
  [{ sigma: '1' }, new TypeError("blur: sigma must be a number in (0, 1], got '1'")],
  [{ radius: 1 }, new TypeError("blur: unknown option 'radius', known are sigma")],
])('blur: options %p', (options, error) => {
  expect(() => blur(tf.ones([2, 2]), options as BlurOptions)).toThrow(exactly(error));
});
