// 3 x 3 convolutions by Winograd. Oracle: the same sums in float64, sum by sum.
import * as tf from '@tensorflow/tfjs-core';
import type { ConvolutionKernels } from '../../src/kernels/convolution.js';
import { convolutionsBy, infoOf, normal, taken } from './kernels.js';
import type { Padding } from './kernels.js';
import { convolve, inputGradient, relativeError } from './reference.js';

type Shape = [number, number, number, number];

let kernels: ConvolutionKernels;
beforeAll(async () => {
  kernels = await convolutionsBy('winograd');
});
beforeEach(() => {
  tf.engine().startScope();
});
afterEach(() => {
  tf.engine().endScope();
});

const LIMITS: Record<string, [number, number]> = {
  linear: [-Infinity, Infinity],
  relu: [0, Infinity],
  relu6: [0, 6],
};

const SHAPES: [Shape, number, Padding][] = [
  [[1, 8, 8, 16], 16, 'same'],
  [[1, 9, 11, 32], 16, 'same'],
  [[2, 14, 14, 64], 64, 'same'],
  [[3, 7, 5, 48], 32, 'valid'],
  [
    [1, 13, 6, 16],
    48,
    [
      [0, 0],
      [2, 0],
      [1, 2],
      [0, 0],
    ],
  ],
  [
    [2, 10, 9, 32],
    16,
    [
      [0, 0],
      [3, 4],
      [0, 5],
      [0, 0],
    ],
  ],
  [[1, 3, 3, 16], 16, 'valid'],
  [[1, 1, 2, 16], 16, 'same'],
  [[1, 2, 30, 16], 16, 'same'],
  [[1, 12, 12, 80], 192, 'same'],
];

describe('a 3 x 3 convolution', () => {
  test.each(SHAPES)('of %j to %d channels, padding %j', (shape, d, pad) => {
    const x = normal(shape, 1);
    const filter = normal([3, 3, shape[3], d], 2);
    const info = infoOf(shape, filter.shape, pad);
    const y = taken(kernels.convolution(x, filter, info));
    expect(relativeError(y, convolve(x.dataSync(), filter.dataSync(), info))).toBeLessThan(3e-6);
  });

  test.each(SHAPES)('of %j to %d channels, padding %j: the way back', (shape, d, pad) => {
    const filter = normal([3, 3, shape[3], d], 2);
    const info = infoOf(shape, filter.shape, pad);
    const dy = normal(info.outShape, 3);
    const dx = taken(kernels.convolutionInputGradient(dy, filter, info));
    const expected = inputGradient(dy.dataSync(), filter.dataSync(), info);
    expect(relativeError(dx, expected)).toBeLessThan(3e-6);
  });

  test.each([1, 2, 3, 5, 6, 7, 8, 12, 20])('gives any number of channels: %d', (d) => {
    const shape = [1, 7, 6, 16];
    const x = normal(shape, 1);
    const filter = normal([3, 3, 16, d], 2);
    const bias = normal([d], 3);
    const info = infoOf(shape, filter.shape, 'same');
    const y = taken(kernels.convolution(x, filter, info, { bias }));
    const expected = convolve(x.dataSync(), filter.dataSync(), info);
    const offsets = bias.dataSync();
    expected.forEach((sum, i) => (expected[i] = sum + offsets[i % d]!));
    expect(relativeError(y, expected)).toBeLessThan(3e-6);
  });

  test.each([
    [64, 3e-6],
    [256, 3e-6],
    [512, 5e-6],
  ])('of %d channels is within %d of the greatest number', (c, bound) => {
    for (const seed of [1, 2, 3]) {
      const x = tf.relu(normal([1, 12, 12, c], seed));
      const filter = normal([3, 3, c, 64], 10 + seed);
      const info = infoOf(x.shape, filter.shape, 'same');
      const y = taken(kernels.convolution(x, filter, info));
      expect(relativeError(y, convolve(x.dataSync(), filter.dataSync(), info))).toBeLessThan(bound);
      const dy = normal([1, 12, 12, c], 20 + seed);
      const filterBack = normal([3, 3, 64, c], 30 + seed);
      const infoBack = infoOf([1, 12, 12, 64], filterBack.shape, 'same');
      const dx = taken(kernels.convolutionInputGradient(dy, filterBack, infoBack));
      const expected = inputGradient(dy.dataSync(), filterBack.dataSync(), infoBack);
      expect(relativeError(dx, expected)).toBeLessThan(bound);
    }
  });

  test.each(Object.keys(LIMITS))('adds the bias before %s', (activation) => {
    const [least, most] = LIMITS[activation]!;
    const x = normal([2, 9, 9, 16], 1);
    const filter = tf.mul(normal([3, 3, 16, 24], 2), 0.3) as tf.Tensor4D;
    const bias = normal([24], 3);
    const info = infoOf(x.shape, filter.shape, 'same');
    const y = taken(kernels.convolution(x, filter, info, { bias, activation }));
    const offsets = bias.dataSync();
    const expected = convolve(x.dataSync(), filter.dataSync(), info).map((sum, i) =>
      Math.min(Math.max(sum + offsets[i % 24]!, least), most),
    );
    expect(relativeError(y, expected)).toBeLessThan(3e-6);
  });

  test('of a batch is that of its images one by one, bit for bit', () => {
    const x = normal([5, 14, 14, 64], 1);
    const filter = normal([3, 3, 64, 64], 2);
    const info = infoOf(x.shape, filter.shape, 'same');
    const single = infoOf([1, 14, 14, 64], filter.shape, 'same');
    const images = tf
      .split<tf.Tensor4D>(x, 5)
      .map((image) => kernels.convolution(image, filter, single)!)
      .map(taken);
    const y = taken(kernels.convolution(x, filter, info));
    expect(y).toEqual(Float32Array.from(images.flatMap((image) => [...image])));
  });
});

describe('where all under a filter is zero', () => {
  /** Zeros but for a block in the middle and, in one channel, a pixel in a corner. */
  function bordered(): tf.Tensor4D {
    const block: tf.Tensor4D = normal([2, 8, 9, 32], 1);
    const x = tf.pad(block, [
      [0, 0],
      [7, 6],
      [5, 7],
      [0, 0],
    ]);
    const corner: tf.Tensor4D = tf.pad(tf.ones([2, 1, 1, 1]) as tf.Tensor4D, [
      [0, 0],
      [20, 0],
      [0, 20],
      [17, 14],
    ]);
    return tf.add(x, corner);
  }

  test.each(Object.keys(LIMITS))('the result is exactly the bias, %s', (activation) => {
    const x = bordered();
    const filter = normal([3, 3, 32, 20], 2);
    const bias = normal([20], 3);
    const info = infoOf(x.shape, filter.shape, 'same');
    const y = taken(kernels.convolution(x, filter, info, { bias, activation }));
    const expected = taken(tf.conv2d(x, filter, 1, 'same'));
    const [least, most] = LIMITS[activation]!;
    const alone = bias.dataSync().map((offset) => Math.min(Math.max(offset, least), most));
    const empty = [...expected.keys()].filter((i) => expected[i] === 0);
    expect(empty.length).toBeGreaterThan(100 * 20);
    expect(empty.map((i) => y[i])).toEqual(empty.map((i) => alone[i % 20]));
  });

  test('and far out in the padding, the gradient is exactly 0', () => {
    const filter = normal([3, 3, 16, 16], 2);
    const info = infoOf([1, 6, 6, 16], filter.shape, [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    const dy = tf.pad(normal([1, 1, 1, 16], 3), [
      [0, 0],
      [0, 3],
      [3, 0],
      [0, 0],
    ]) as tf.Tensor4D;
    const dx = taken(kernels.convolutionInputGradient(dy, filter, info));
    const expected = inputGradient(dy.dataSync(), filter.dataSync(), info);
    expected.forEach((number, i) => {
      if (number === 0) expect(dx[i]).toBe(0);
    });
  });

  test('all over the image, it is the bias', () => {
    const bias = normal([16], 3);
    const x = tf.zeros([1, 10, 10, 16]) as tf.Tensor4D;
    const filter = normal([3, 3, 16, 16], 2);
    const info = infoOf(x.shape, filter.shape, 'same');
    const y = taken(kernels.convolution(x, filter, info, { bias }));
    expect(y).toEqual(taken(tf.tile(bias, [100])));
  });
});

describe('numbers that are not finite', () => {
  test.each([NaN, Infinity, -Infinity])('%d in the input comes out', (value) => {
    const numbers = normal([1, 12, 12, 16], 1).dataSync().slice();
    numbers[(5 * 12 + 6) * 16 + 3] = value;
    const x = tf.tensor4d(numbers, [1, 12, 12, 16]);
    const filter = normal([3, 3, 16, 16], 2);
    const info = infoOf(x.shape, filter.shape, 'same');
    for (const activation of Object.keys(LIMITS)) {
      const y = taken(kernels.convolution(x, filter, info, { activation }));
      expect(y.some((number) => !Number.isFinite(number))).toBe(true);
    }
    const dx = taken(kernels.convolutionInputGradient(x, filter, info));
    expect(dx.some((number) => !Number.isFinite(number))).toBe(true);
  });

  test('in the filter come out of an image of zeros too', () => {
    const numbers = normal([3, 3, 16, 16], 2).dataSync().slice();
    numbers[100] = NaN;
    const x = tf.zeros([1, 12, 12, 16]) as tf.Tensor4D;
    const info = infoOf(x.shape, [3, 3, 16, 16], 'same');
    const y = taken(kernels.convolution(x, tf.tensor4d(numbers, [3, 3, 16, 16]), info));
    expect(y.some(Number.isNaN)).toBe(true);
  });
});
