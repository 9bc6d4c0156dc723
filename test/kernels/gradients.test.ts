// Gradients of pools, rectifiers and dense layers. Oracle: their definitions in float64, on the
// host.
import * as tf from '@tensorflow/tfjs-core';
import { maxPoolGradient } from '../../src/gradient/rules/maxPooling.js';
import { gradientKernels } from '../../src/kernels/gradients.js';
import type { GradientKernels } from '../../src/kernels/gradients.js';
import { normal, taken, workplaceOnWasm } from './kernels.js';
import { relativeError } from './reference.js';

type Shape = [number, number, number, number];

let kernels: GradientKernels;
beforeAll(async () => {
  kernels = gradientKernels(await workplaceOnWasm());
});
beforeEach(() => {
  tf.engine().startScope();
});
afterEach(() => {
  tf.engine().endScope();
});

/** Numbers of few values, so that many tie. */
const tied = (shape: Shape, seed: number): tf.Tensor4D =>
  tf.round(normal(shape, seed)) as tf.Tensor4D;

type Padding = 'same' | 'valid' | [[0, 0], [number, number], [number, number], [0, 0]];

const ASYMMETRIC: Padding = [
  [0, 0],
  [1, 0],
  [0, 1],
  [0, 0],
];

describe.each<[Shape, number, number, Padding]>([
  [[1, 8, 8, 16], 2, 2, 'valid'],
  [[2, 9, 7, 8], 2, 2, 'same'],
  [[1, 9, 7, 4], 2, 2, 'valid'],
  [[3, 11, 12, 8], 3, 2, 'same'],
  [[1, 12, 12, 8], 3, 2, 'valid'],
  [[1, 10, 9, 8], 3, 1, 'same'],
  [[1, 10, 9, 8], 3, 2, ASYMMETRIC],
  [[1, 10, 9, 8], 2, 3, 'valid'],
  [[1, 1, 2, 4], 2, 2, 'same'],
])(
  'the gradient of a max pool of %j, %d pixels wide, stride %d, padding %j',
  (shape, size, stride, pad) => {
    const info = tf.backend_util.computePool2DInfo(shape, size, stride, 1, pad, 'floor');

    test('is that of the first greatest pixel of each window', () => {
      const x = tied(shape, 1);
      const y = tf.maxPool(x, size, stride, pad as 'same');
      const dy = tied(info.outShape, 2);
      const [pixels, gradient] = [x.dataSync(), dy.dataSync()];
      const expected = new Float64Array(x.size);
      const [n, h, w, c] = shape;
      for (let at = 0; at < dy.size; at++) {
        const channel = at % c;
        const j = Math.floor(at / c) % info.outWidth;
        const i = Math.floor(at / c / info.outWidth) % info.outHeight;
        const image = Math.floor(at / c / info.outWidth / info.outHeight);
        expect(image).toBeLessThan(n);
        let winner = -1;
        for (let ki = 0; ki < size; ki++)
          for (let kj = 0; kj < size; kj++) {
            const row = i * stride - info.padInfo.top + ki;
            const column = j * stride - info.padInfo.left + kj;
            if (row < 0 || row >= h || column < 0 || column >= w) continue;
            const pixel = ((image * h + row) * w + column) * c + channel;
            if (winner < 0 || pixels[pixel]! > pixels[winner]!) winner = pixel;
          }
        expected[winner]! += gradient[at]!;
      }
      const dx = taken(kernels.maxPoolInputGradient(dy, x, y, info));
      expect(Float64Array.from(dx, (number) => number + 0)).toEqual(expected); // -0 is 0
    });

    test('is that of the rule', () => {
      const x = tied(shape, 1);
      const y = tf.maxPool(x, size, stride, pad as 'same');
      const dy = normal(info.outShape, 2);
      const attrs = { filterSize: size, strides: stride, pad, dimRoundingMode: 'floor' } as never;
      const expected = taken(maxPoolGradient(dy, x, y, info, attrs));
      const dx = taken(kernels.maxPoolInputGradient(dy, x, y, info));
      expect(relativeError(dx, expected)).toBeLessThan(1e-6);
    });
  },
);

test('NaN in a max pool comes out', () => {
  const x = tf.tensor4d([1, 2, NaN, 4, ...Array<number>(12).fill(0)], [1, 2, 2, 4]);
  const info = tf.backend_util.computePool2DInfo([1, 2, 2, 4], 2, 2, 1, 'valid');
  const y = tf.tensor4d([1, 2, NaN, 4], [1, 1, 1, 4]);
  const dx = taken(kernels.maxPoolInputGradient(tf.onesLike(y), x, y, info));
  expect([...dx.subarray(0, 4)]).toEqual([1, 1, NaN, 1]);
});

test('a max pool of 3 channels is left to others', () => {
  const x = normal([1, 4, 4, 3], 1);
  const info = tf.backend_util.computePool2DInfo(x.shape, 2, 2, 1, 'valid');
  const y = tf.maxPool(x, 2, 2, 'valid');
  expect(kernels.maxPoolInputGradient(y, x, y, info)).toBeUndefined();
});

describe.each([4, 5, 7, 64, 1001])('of %d numbers', (size) => {
  const numbers = (seed: number): tf.Tensor =>
    tf.tensor1d(normal([1, 1, 1, size], seed).dataSync().slice());

  test('the gradient of relu', () => {
    const y = tf.relu(numbers(1));
    const dy = numbers(2);
    const [values, gradient] = [y.dataSync(), dy.dataSync()];
    const dx = taken(kernels.reluInputGradient(dy, y));
    expect([...dx]).toEqual(Array.from(gradient, (g, i) => g * (values[i]! > 0 ? 1 : 0)));
  });

  test('the gradient of a relu with a ceiling', () => {
    const y = tf.clipByValue(numbers(1), 0, 0.5);
    const dy = numbers(2);
    const [values, gradient] = [y.dataSync(), dy.dataSync()];
    const dx = taken(kernels.clippedReluInputGradient(dy, y, 0.5));
    const isOpen = (v: number): boolean => v > 0 && v < 0.5;
    expect([...dx]).toEqual(Array.from(gradient, (g, i) => g * (isOpen(values[i]!) ? 1 : 0)));
  });
});

test('NaN in a rectifier comes out, and so does an infinite gradient', () => {
  const y = tf.tensor1d([NaN, 1, 0, 7]);
  const dy = tf.tensor1d([1, 1, Infinity, 1]);
  expect([...taken(kernels.reluInputGradient(dy, y))]).toEqual([NaN, 1, NaN, 1]);
  expect([...taken(kernels.clippedReluInputGradient(dy, y, 6))]).toEqual([NaN, 1, NaN, 0]);
});

test.each([
  [1, 64, 128],
  [3, 5, 8],
  [1, 4, 4],
  [2, 4097, 1000],
])('the way back of a dense layer: %d rows, %d units from %d', (n, m, k) => {
  const weights = tf.randomNormal([m, k], 0, 1, 'float32', 1);
  const dy = tf.randomNormal([n, k], 0, 1, 'float32', 2);
  const [w, gradient] = [weights.dataSync(), dy.dataSync()];
  const expected = Float64Array.from({ length: n * m }, (_, at) => {
    const [row, unit] = [Math.floor(at / m), at % m];
    let sum = 0;
    for (let i = 0; i < k; i++) sum += gradient[row * k + i]! * w[unit * k + i]!;
    return sum;
  });
  const dx = kernels.denseInputGradient(dy, weights)!;
  expect(dx.shape).toEqual([n, m]);
  expect(relativeError(taken(dx), expected)).toBeLessThan(1e-6);
});

test('a dense layer of 10 units or many rows is left to others', () => {
  const dy = (shape: [number, number]): tf.Tensor => tf.ones(shape);
  expect(kernels.denseInputGradient(dy([1, 10]), tf.ones([8, 10]))).toBeUndefined();
  expect(kernels.denseInputGradient(dy([100, 8]), tf.ones([8, 8]))).toBeUndefined();
});

test('the gradient of a global average is a share to each pixel', () => {
  const dy = tf.randomNormal([2, 5], 0, 1, 'float32', 1);
  const dx = kernels.globalAverageInputGradient(dy, [2, 3, 4, 5])!;
  expect(dx.shape).toEqual([2, 3, 4, 5]);
  const gradient = dy.dataSync();
  const expected = Float64Array.from({ length: 120 }, (_, at) => {
    return gradient[Math.floor(at / 60) * 5 + (at % 5)]! / 12;
  });
  expect(relativeError(taken(dx), expected)).toBeLessThan(1e-7);
});

test('integers are left to others', () => {
  const y = tf.ones([8], 'int32');
  expect(kernels.reluInputGradient(y, y)).toBeUndefined();
  expect(kernels.globalAverageInputGradient(y, [1, 1, 1, 8])).toBeUndefined();
});
