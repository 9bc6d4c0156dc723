/** Fused ops, which stay fused while the library records them. */
import * as tf from '@tensorflow/tfjs-core';
import { constant, table } from '../case.js';
import type { Case, Row } from '../case.js';

type Convolution = Parameters<typeof tf.fused.conv2d>[0];
type Depthwise = Parameters<typeof tf.fused.depthwiseConv2d>[0];
type Product = Parameters<typeof tf.fused.matMul>[0];
type Activation = NonNullable<Convolution['activation']>;

const ACTIVATIONS: Activation[] = [
  'linear',
  'relu',
  'relu6',
  'elu',
  'sigmoid',
  'leakyrelu',
  'prelu',
];

/** One slope of the PReLU is negative, so that its output does not tell the sign of its input. */
const activated = (activation: Activation) => ({
  bias: tf.tensor1d([0.3, -0.2]),
  activation,
  leakyreluAlpha: 0.2,
  ...(activation === 'prelu' ? { preluActivationWeights: tf.tensor1d([0.3, -0.4]) } : {}),
});

const withEach = <T extends tf.Tensor>(
  shape: number[],
  f: (x: T, activation: Activation) => tf.Tensor,
): Row<T>[] => ACTIVATIONS.map((activation) => [activation, shape, (x) => f(x, activation)]);

const conv = (x: tf.Tensor4D, options: Partial<Convolution>): tf.Tensor =>
  tf.fused.conv2d({
    x,
    filter: constant<tf.Rank.R4>([3, 3, 2, 2]),
    strides: 1,
    pad: 'same',
    ...options,
  });

const depthwise = (x: tf.Tensor4D, options: Partial<Depthwise>): tf.Tensor =>
  tf.fused.depthwiseConv2d({
    x,
    filter: constant<tf.Rank.R4>([3, 3, 2, 1]),
    strides: 1,
    pad: 'same',
    ...options,
  });

const product = (a: tf.Tensor, options: Partial<Product>): tf.Tensor =>
  tf.fused.matMul({ a, b: constant<tf.Rank.R2>([4, 2]), ...options });

const image = [1, 4, 5, 2];
const first = [1, 2, 4, 5];

export const fusedCases: Case[] = [
  ...table<tf.Tensor4D>('FusedConv2D', [
    ...withEach<tf.Tensor4D>(image, (x, activation) => conv(x, activated(activation))),
    ['relu, no bias, stride 2', image, (x) => conv(x, { strides: 2, activation: 'relu' })],
    [
      'relu, dilation 2',
      image,
      (x) => conv(x, { dilations: 2, activation: 'relu', bias: tf.tensor1d([0.1, 0.1]) }),
    ],
    ['relu6, past 6', image, (x) => conv(tf.mul(x, 6), activated('relu6'))],
    [
      'leakyrelu, slope 0.05',
      image,
      (x) => conv(x, { activation: 'leakyrelu', leakyreluAlpha: 0.05 }),
      { uncut: [2] },
    ],
    [
      'leakyrelu, slope -0.5',
      image,
      (x) => conv(x, { activation: 'leakyrelu', leakyreluAlpha: -0.5 }),
      { uncut: [2] },
    ],
    [
      'bias of the input',
      image,
      (x) => conv(constant<tf.Rank.R4>([1, 4, 5, 2]), { bias: tf.sum(x, [0, 1, 2]) }),
      { uncut: [3] },
    ],
    [
      'relu, both of the input',
      image,
      (x) => conv(x, { bias: tf.mean(x, [0, 1, 2]), activation: 'relu' }),
    ],
    ['channels first: relu', first, (x) => conv(x, { dataFormat: 'NCHW', ...activated('relu') })],
    ['channels first: prelu', first, (x) => conv(x, { dataFormat: 'NCHW', ...activated('prelu') })],
    [
      'channels first: bias of the input',
      first,
      (x) => conv(x, { dataFormat: 'NCHW', bias: tf.mean(x, [0, 2, 3]) }),
    ],
  ]),
  ...table<tf.Tensor4D>('FusedDepthwiseConv2D', [
    ...withEach<tf.Tensor4D>(image, (x, activation) => depthwise(x, activated(activation))),
    ['relu6, no bias, stride 2', image, (x) => depthwise(x, { strides: 2, activation: 'relu6' })],
    ['relu, dilation 2', image, (x) => depthwise(x, { dilations: 2, activation: 'relu' })],
  ]),
  ...table<tf.Tensor2D>('_FusedMatMul', [
    ...withEach<tf.Tensor2D>([3, 4], (a, activation) => product(a, activated(activation))),
    [
      'relu, both transposed',
      [4, 3],
      (a) =>
        product(a, {
          b: constant<tf.Rank.R2>([2, 4], 3),
          transposeA: true,
          transposeB: true,
          activation: 'relu',
        }),
    ],
    [
      'sigmoid, with itself',
      [3, 3],
      (a) => product(a, { b: a, transposeB: true, activation: 'sigmoid' }),
    ],
    [
      'elu, bias of the input',
      [3, 4],
      (a) => product(a, { bias: tf.mean(tf.slice(a, 0, 2), 1), activation: 'elu' }),
    ],
  ]),
];
