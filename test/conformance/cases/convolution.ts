import * as tf from '@tensorflow/tfjs-core';
import { constant, table } from '../case.js';
import type { Case } from '../case.js';

const filter = (h: number, w: number, c: number, d: number): tf.Tensor4D =>
  constant<tf.Rank.R4>([h, w, c, d]);
const volume = (d: number, h: number, w: number, c: number, m: number): tf.Tensor5D =>
  constant<tf.Rank.R5>([d, h, w, c, m]);
const image = [1, 5, 6, 2];

export const convolutionCases: Case[] = [
  ...table<tf.Tensor4D>('Conv2D', [
    ['valid', image, (x) => tf.conv2d(x, filter(3, 3, 2, 3), 1, 'valid')],
    ['same', image, (x) => tf.conv2d(x, filter(3, 3, 2, 3), 1, 'same')],
    ['two images', [2, 4, 4, 2], (x) => tf.conv2d(x, filter(3, 3, 2, 3), 1, 'same')],
    ['no batch dimension', [5, 4, 2], (x) => tf.conv2d(x, filter(3, 3, 2, 3), 1, 'same')],
    ['stride 2, same', image, (x) => tf.conv2d(x, filter(3, 3, 2, 3), 2, 'same')],
    ['stride 2, same, odd size', [1, 7, 5, 1], (x) => tf.conv2d(x, filter(3, 3, 1, 2), 2, 'same')],
    [
      'stride 2, valid, last row unused',
      [1, 6, 6, 2],
      (x) => tf.conv2d(x, filter(3, 3, 2, 3), 2, 'valid'),
    ],
    ['stride 2 x 1', image, (x) => tf.conv2d(x, filter(3, 2, 2, 3), [2, 1], 'same')],
    [
      'stride 3 of a 2 x 2 filter',
      [1, 7, 8, 1],
      (x) => tf.conv2d(x, filter(2, 2, 1, 3), 3, 'valid'),
    ],
    [
      'stride 2 of a 7 x 7 filter',
      [1, 9, 8, 1],
      (x) => tf.conv2d(x, filter(7, 7, 1, 2), 2, 'same'),
    ],
    [
      'stride 4 of a patch embedding',
      [1, 8, 8, 1],
      (x) => tf.conv2d(x, filter(4, 4, 1, 3), 4, 'valid'),
    ],
    ['even filter, same', image, (x) => tf.conv2d(x, filter(2, 4, 2, 2), 1, 'same')],
    ['padding 1', image, (x) => tf.conv2d(x, filter(3, 3, 2, 2), 1, 1)],
    ['padding 2 of a 2 x 2 filter', image, (x) => tf.conv2d(x, filter(2, 2, 2, 2), 1, 2)],
    [
      'explicit padding',
      image,
      (x) =>
        tf.conv2d(x, filter(3, 3, 2, 2), 2, [
          [0, 0],
          [1, 0],
          [2, 1],
          [0, 0],
        ]),
    ],
    [
      'padding rounded up',
      [1, 6, 6, 1],
      (x) => tf.conv2d(x, filter(3, 3, 1, 2), 2, 1, 'NHWC', 1, 'ceil'),
    ],
    ['dilation 2, same', image, (x) => tf.conv2d(x, filter(3, 3, 2, 2), 1, 'same', 'NHWC', 2)],
    [
      'dilation 2 x 1, valid',
      image,
      (x) => tf.conv2d(x, filter(2, 3, 2, 2), 1, 'valid', 'NHWC', [2, 1]),
    ],
    ['1 x 1', image, (x) => tf.conv2d(x, filter(1, 1, 2, 4), 1, 'same')],
    ['1 x 1, stride 2', [1, 5, 6, 2], (x) => tf.conv2d(x, filter(1, 1, 2, 4), 2, 'valid')],
    ['1 x 1, stride 2, padding 1', [1, 5, 6, 2], (x) => tf.conv2d(x, filter(1, 1, 2, 4), 2, 1)],
    ['channels first', [1, 2, 5, 6], (x) => tf.conv2d(x, filter(3, 3, 2, 3), 1, 'same', 'NCHW')],
    [
      'channels first, stride 2',
      [1, 2, 5, 6],
      (x) => tf.conv2d(x, filter(3, 3, 2, 3), 2, 'same', 'NCHW'),
    ],
    [
      'channels first, explicit padding',
      [1, 2, 5, 6],
      (x) =>
        tf.conv2d(
          x,
          filter(3, 3, 2, 3),
          1,
          [
            [0, 0],
            [0, 0],
            [1, 0],
            [2, 1],
          ],
          'NCHW',
        ),
    ],
  ]),
  ...table<tf.Tensor3D>('Conv2D', [
    ['one-dimensional', [2, 8, 2], (x) => tf.conv1d(x, constant<tf.Rank.R3>([3, 2, 3]), 1, 'same')],
    [
      'one-dimensional, stride 2',
      [1, 9, 2],
      (x) => tf.conv1d(x, constant<tf.Rank.R3>([3, 2, 3]), 2, 'valid'),
    ],
    [
      'one-dimensional, dilation 2',
      [1, 9, 2],
      (x) => tf.conv1d(x, constant<tf.Rank.R3>([3, 2, 3]), 1, 'same', 'NWC', 2),
    ],
  ]),
  ...table<tf.Tensor4D>('DepthwiseConv2dNative', [
    ['same', image, (x) => tf.depthwiseConv2d(x, filter(3, 3, 2, 1), 1, 'same')],
    ['valid', image, (x) => tf.depthwiseConv2d(x, filter(3, 3, 2, 1), 1, 'valid')],
    ['no batch dimension', [5, 4, 2], (x) => tf.depthwiseConv2d(x, filter(3, 3, 2, 1), 1, 'same')],
    ['stride 2', image, (x) => tf.depthwiseConv2d(x, filter(3, 3, 2, 1), 2, 'same')],
    ['stride 2, 5 x 5', [1, 7, 6, 2], (x) => tf.depthwiseConv2d(x, filter(5, 5, 2, 1), 2, 'same')],
    ['multiplier 2', image, (x) => tf.depthwiseConv2d(x, filter(3, 3, 2, 2), 1, 'same')],
    ['multiplier 3, stride 2', image, (x) => tf.depthwiseConv2d(x, filter(3, 3, 2, 3), 2, 'valid')],
    ['dilation 2', image, (x) => tf.depthwiseConv2d(x, filter(3, 3, 2, 1), 1, 'same', 'NHWC', 2)],
    ['padding 1', image, (x) => tf.depthwiseConv2d(x, filter(3, 3, 2, 1), 1, 1)],
    [
      'explicit padding',
      image,
      (x) =>
        tf.depthwiseConv2d(x, filter(3, 3, 2, 1), 2, [
          [0, 0],
          [0, 1],
          [1, 2],
          [0, 0],
        ]),
    ],
    ['1 x 1', image, (x) => tf.depthwiseConv2d(x, filter(1, 1, 2, 2), 1, 'same')],
  ]),
  ...table<tf.Tensor4D>('separableConv2d', [
    [
      'same',
      image,
      (x) => tf.separableConv2d(x, filter(3, 3, 2, 2), filter(1, 1, 4, 3), 1, 'same'),
    ],
    [
      'stride 2',
      image,
      (x) => tf.separableConv2d(x, filter(3, 3, 2, 1), filter(1, 1, 2, 3), 2, 'same'),
    ],
  ]),
  ...table<tf.Tensor4D>('Conv2DBackpropInput', [
    [
      'stride 1, same',
      image,
      (x) => tf.conv2dTranspose(x, filter(3, 3, 3, 2), [1, 5, 6, 3], 1, 'same'),
    ],
    [
      'stride 2, same',
      [1, 3, 4, 2],
      (x) => tf.conv2dTranspose(x, filter(3, 3, 3, 2), [1, 6, 8, 3], 2, 'same'),
    ],
    [
      'stride 2, valid',
      [1, 3, 4, 2],
      (x) => tf.conv2dTranspose(x, filter(3, 3, 3, 2), [1, 7, 9, 3], 2, 'valid'),
    ],
    [
      'stride 2, odd size',
      [1, 3, 4, 2],
      (x) => tf.conv2dTranspose(x, filter(2, 2, 3, 2), [1, 5, 7, 3], 2, 'same'),
    ],
    [
      'padding 1',
      [1, 3, 4, 2],
      (x) => tf.conv2dTranspose(x, filter(4, 4, 1, 2), [1, 6, 8, 1], 2, 1),
    ],
  ]),
  ...table<tf.Tensor5D>('Conv3D', [
    ['valid', [1, 3, 4, 3, 2], (x) => tf.conv3d(x, volume(2, 3, 2, 2, 2), 1, 'valid')],
    ['same', [1, 3, 4, 3, 2], (x) => tf.conv3d(x, volume(3, 3, 2, 2, 2), 1, 'same')],
    ['stride 2, same', [1, 4, 5, 4, 1], (x) => tf.conv3d(x, volume(3, 3, 3, 1, 2), 2, 'same')],
    [
      'stride 2 x 1 x 3, valid',
      [1, 4, 3, 7, 1],
      (x) => tf.conv3d(x, volume(2, 2, 2, 1, 2), [2, 1, 3], 'valid'),
    ],
    [
      'dilation 2',
      [1, 4, 4, 5, 1],
      (x) => tf.conv3d(x, volume(2, 2, 2, 1, 2), 1, 'same', 'NDHWC', 2),
    ],
    ['1 x 1 x 1, stride 2', [1, 3, 4, 3, 2], (x) => tf.conv3d(x, volume(1, 1, 1, 2, 2), 2, 'same')],
  ]),
  ...table<tf.Tensor5D>('Conv3DBackpropInputV2', [
    [
      'stride 2, same',
      [1, 2, 3, 2, 2],
      (x) => tf.conv3dTranspose(x, volume(3, 3, 3, 1, 2), [1, 4, 6, 4, 1], 2, 'same'),
    ],
  ]),
];
