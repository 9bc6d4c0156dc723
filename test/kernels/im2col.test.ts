// Convolutions of any filter as products of matrices. Oracle: the same sums in float64, sum by sum;
// and tfjs's XNNPACK, which sums in the same order, bit for bit.
import * as tf from '@tensorflow/tfjs-core';
import type { ConvolutionKernels } from '../../src/kernels/convolution.js';
import { convolutionsBy, infoOf, normal, taken } from './kernels.js';
import type { Options, Padding } from './kernels.js';
import { convolve, inputGradient, relativeError } from './reference.js';

type Shape = [number, number, number, number];

let kernels: ConvolutionKernels;
beforeAll(async () => {
  kernels = await convolutionsBy('im2col');
});
beforeEach(() => {
  tf.engine().startScope();
});
afterEach(() => {
  tf.engine().endScope();
});

const EXPLICIT: Padding = [
  [0, 0],
  [2, 0],
  [1, 3],
  [0, 0],
];

/** Shape of x, filter height, width and outputs, padding, stride and dilation. */
const CASES: [Shape, [number, number, number], Padding, Options][] = [
  [[1, 7, 7, 64], [1, 1, 32], 'same', {}],
  [[3, 5, 6, 24], [1, 1, 144], 'same', {}],
  [[1, 1, 2, 16], [1, 1, 8], 'valid', {}],
  [[2, 9, 8, 16], [1, 1, 32], 'same', { stride: 2 }],
  [[1, 8, 8, 5], [1, 1, 3], 'valid', { stride: [2, 1] }],
  [[2, 11, 10, 3], [3, 3, 32], 'same', { stride: 2 }],
  [[1, 11, 10, 3], [3, 3, 8], 'valid', { stride: 2 }],
  [[1, 19, 17, 3], [7, 7, 16], EXPLICIT, { stride: 2 }],
  [[1, 9, 12, 32], [3, 3, 48], 'valid', { stride: 2 }],
  [[1, 9, 12, 16], [3, 3, 7], EXPLICIT, { stride: [3, 2] }],
  [[2, 8, 9, 48], [7, 1, 40], 'same', {}],
  [[2, 8, 9, 48], [1, 7, 40], 'same', {}],
  [[1, 10, 10, 20], [5, 5, 24], 'same', {}],
  [[1, 12, 13, 16], [3, 3, 8], 'same', { dilation: 2 }],
  [[1, 12, 13, 6], [2, 4, 9], 'same', { dilation: [3, 1] }],
  [[1, 1, 2, 16], [3, 3, 16], 'same', {}],
  [[1, 6, 6, 16], [2, 2, 16], 'valid', { stride: 3 }],
];

describe.each(CASES)(
  'of %j with a filter %j, padding %j, %j',
  (shape, filterShape, pad, options) => {
    const [kh, kw, d] = filterShape;
    const info = infoOf(shape, [kh, kw, shape[3], d], pad, options);
    const filterOf = (seed: number): tf.Tensor4D => normal([kh, kw, shape[3], d], seed);

    test('the convolution', () => {
      const x = normal(shape, 1);
      const filter = filterOf(2);
      const y = taken(kernels.convolution(x, filter, info));
      expect(relativeError(y, convolve(x.dataSync(), filter.dataSync(), info))).toBeLessThan(2e-6);
    });

    test('its values are those of XNNPACK', () => {
      const x = normal(shape, 1);
      const filter = filterOf(2);
      const bias: tf.Tensor1D = tf.randomNormal([d], 0, 1, 'float32', 3);
      const y = taken(kernels.convolution(x, filter, info, { bias, activation: 'relu' }));
      const { stride = 1, dilation = 1 } = options;
      const activation = 'relu';
      const expected = tf.fused.conv2d({
        x,
        filter,
        strides: stride,
        pad: pad as 'same',
        dilations: dilation,
        bias,
        activation,
      });
      expect(y).toEqual(taken(expected));
    });

    test('the way back', () => {
      const dy = normal(info.outShape, 4);
      const filter = filterOf(2);
      const dx = taken(kernels.convolutionInputGradient(dy, filter, info));
      const expected = inputGradient(dy.dataSync(), filter.dataSync(), info);
      expect(relativeError(dx, expected)).toBeLessThan(2e-6);
    });
  },
);

test('rows beyond one block of scratch memory', () => {
  const x = normal([2, 40, 40, 256], 1);
  const filter = normal([1, 1, 256, 24], 2);
  const info = infoOf(x.shape, filter.shape, 'same');
  const y = taken(kernels.convolution(x, filter, info));
  expect(relativeError(y, convolve(x.dataSync(), filter.dataSync(), info))).toBeLessThan(2e-6);
});

test('a batch is its images one by one, bit for bit', () => {
  const x = normal([3, 9, 9, 32], 1);
  const filter = normal([5, 5, 32, 24], 2);
  const info = infoOf(x.shape, filter.shape, 'same');
  const single = infoOf([1, 9, 9, 32], filter.shape, 'same');
  const images = tf
    .split<tf.Tensor4D>(x, 3)
    .map((image) => taken(kernels.convolution(image, filter, single)));
  const y = taken(kernels.convolution(x, filter, info));
  expect(y).toEqual(Float32Array.from(images.flatMap((image) => [...image])));
});

test.each([NaN, Infinity])('%d in the input comes out', (value) => {
  const numbers = normal([1, 6, 6, 16], 1).dataSync().slice();
  numbers[100] = value;
  const x = tf.tensor4d(numbers, [1, 6, 6, 16]);
  const filter = normal([3, 3, 16, 16], 2);
  const info = infoOf(x.shape, filter.shape, 'same');
  for (const y of [
    kernels.convolution(x, filter, info, { activation: 'relu' }),
    kernels.convolutionInputGradient(x, filter, info),
  ]) {
    expect(taken(y).some((number) => !Number.isFinite(number))).toBe(true);
  }
});
