import * as tf from '@tensorflow/tfjs-core';
import { table } from '../case.js';
import type { Case, Row } from '../case.js';

/** Resizing: every option, up, down and odd ratios. */
const resizes = (resize: typeof tf.image.resizeBilinear): Row<tf.Tensor4D>[] => [
  ['up', [1, 3, 4, 2], (x) => resize(x, [6, 8])],
  ['down', [1, 6, 7, 1], (x) => resize(x, [3, 4])],
  ['up, align corners', [1, 3, 4, 2], (x) => resize(x, [5, 7], true)],
  ['down, align corners', [1, 6, 7, 1], (x) => resize(x, [3, 4], true)],
  ['up, half-pixel centres', [1, 3, 4, 2], (x) => resize(x, [6, 8], false, true)],
  ['down, half-pixel centres', [2, 5, 6, 1], (x) => resize(x, [3, 3], false, true)],
  ['to one pixel', [1, 3, 4, 2], (x) => resize(x, [1, 1])],
  ['one axis only', [1, 3, 4, 2], (x) => resize(x, [3, 9])],
  ['no batch dimension', [3, 4, 2], (x) => resize(x, [4, 5])],
];

const boxes = (): tf.Tensor2D =>
  tf.tensor2d([
    [0.1, 0.05, 0.8, 0.9],
    [0.9, 0.2, 0.15, 0.7],
    [-0.2, 0.3, 1.1, 1.3],
  ]);
/** The boxes are of several images. */
const images = { uncut: [0] };
const inOrder = (): tf.Tensor1D => tf.tensor1d([0, 1, 2], 'int32');
const outOfOrder = (): tf.Tensor1D => tf.tensor1d([1, 0, 1], 'int32');

const shift = (): tf.Tensor2D => tf.tensor2d([[0.9, 0.2, -0.6, -0.1, 1.1, 0.3, 0.01, -0.02]]);

type FillMode = 'constant' | 'reflect' | 'wrap' | 'nearest';
const fillModes = (interpolation: 'nearest' | 'bilinear'): Row<tf.Tensor4D>[] =>
  (['constant', 'reflect', 'wrap', 'nearest'] satisfies FillMode[]).map((mode) => [
    `${interpolation}, ${mode}`,
    [1, 4, 5, 2],
    (x) => tf.image.transform(x, shift(), interpolation, mode, 0.5),
  ]);

export const imageCases: Case[] = [
  ...table<tf.Tensor4D>('ResizeBilinear', resizes(tf.image.resizeBilinear)),
  ...table<tf.Tensor4D>('ResizeNearestNeighbor', resizes(tf.image.resizeNearestNeighbor)),
  ...table<tf.Tensor4D>('CropAndResize', [
    [
      'bilinear',
      [3, 4, 3, 2],
      (x) => tf.image.cropAndResize(x, boxes(), inOrder(), [3, 4]),
      images,
    ],
    [
      'nearest',
      [3, 4, 3, 2],
      (x) => tf.image.cropAndResize(x, boxes(), inOrder(), [3, 4], 'nearest'),
      images,
    ],
    [
      'extrapolated',
      [3, 4, 5, 1],
      (x) => tf.image.cropAndResize(x, boxes(), inOrder(), [5, 3], 'bilinear', 0.7),
      images,
    ],
    [
      'one pixel',
      [3, 4, 5, 1],
      (x) => tf.image.cropAndResize(x, boxes(), inOrder(), [1, 1]),
      images,
    ],
    [
      'boxes out of order',
      [2, 4, 5, 1],
      (x) => tf.image.cropAndResize(x, boxes(), outOfOrder(), [3, 4]),
      images,
    ],
  ]),
  ...table<tf.Tensor4D>('Transform', [
    ...fillModes('nearest'),
    ...fillModes('bilinear'),
    [
      'other output size',
      [1, 4, 5, 2],
      (x) => tf.image.transform(x, shift(), 'bilinear', 'constant', 0, [3, 7]),
    ],
  ]),
  ...table<tf.Tensor4D>('RotateWithOffset', [
    ['half a radian', [1, 5, 5, 3], (x) => tf.image.rotateWithOffset(x, 0.5)],
    [
      'two images about a corner',
      [2, 4, 5, 1],
      (x) => tf.image.rotateWithOffset(x, -0.8, 0.3, [0.1, 0.2]),
    ],
  ]),
  ...table<tf.Tensor3D>('grayscale', [
    ['by a product of channels', [2, 3, 3], (x) => tf.sum(tf.mul(x, [0.3, 0.6, 0.1]), -1)],
  ]),
  ...table<tf.Tensor4D>('UpSampling2D', [
    ['nearest, as tfjs-layers', [1, 2, 3, 2], (x) => tf.image.resizeNearestNeighbor(x, [4, 9])],
  ]),
];
