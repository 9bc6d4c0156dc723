/** Axes of length 1 of ops that take constants of the same length: see ../atOne.ts for the rest. */
import * as tf from '@tensorflow/tfjs-core';
import { constant, positive, table } from '../case.js';
import type { Case } from '../case.js';

const filter = (h: number, w: number, c: number, d: number): tf.Tensor4D =>
  constant<tf.Rank.R4>([h, w, c, d]);
const volume = (d: number, h: number, w: number, c: number, m: number): tf.Tensor5D =>
  constant<tf.Rank.R5>([d, h, w, c, m]);
const firstRow = (): tf.Tensor2D => tf.tensor2d([[0]], [1, 1], 'int32');
const boxes = (): tf.Tensor2D =>
  tf.tensor2d([
    [0.1, 0.05, 0.8, 0.9],
    [0.9, 0.2, 0.15, 0.7],
  ]);
const ofFirstImage = (): tf.Tensor1D => tf.tensor1d([0, 0], 'int32');

export const lengthOneCases: Case[] = [
  ...table<tf.Tensor4D>('Conv2D', [
    ['one channel in and out', [1, 4, 5, 1], (x) => tf.conv2d(x, filter(3, 3, 1, 1), 1, 'same')],
    ['one window', [1, 3, 3, 2], (x) => tf.conv2d(x, filter(3, 3, 2, 1), 2, 'valid')],
    ['one number', [1, 1, 1, 1], (x) => tf.conv2d(x, filter(1, 1, 1, 1), 1, 'valid')],
  ]),
  ...table<tf.Tensor4D>('DepthwiseConv2dNative', [
    ['one channel', [1, 4, 5, 1], (x) => tf.depthwiseConv2d(x, filter(3, 3, 1, 2), 1, 'same')],
    ['one window', [1, 3, 3, 2], (x) => tf.depthwiseConv2d(x, filter(3, 3, 2, 1), 2, 'valid')],
  ]),
  ...table<tf.Tensor4D>('separableConv2d', [
    [
      'one channel',
      [1, 4, 4, 1],
      (x) => tf.separableConv2d(x, filter(3, 3, 1, 1), filter(1, 1, 1, 1), 1, 'same'),
    ],
  ]),
  ...table<tf.Tensor4D>('Conv2DBackpropInput', [
    [
      'one pixel',
      [1, 1, 1, 2],
      (x) => tf.conv2dTranspose(x, filter(3, 3, 1, 2), [1, 3, 3, 1], 2, 'valid'),
    ],
    [
      'one channel in and out',
      [1, 2, 3, 1],
      (x) => tf.conv2dTranspose(x, filter(3, 3, 1, 1), [1, 4, 6, 1], 2, 'same'),
    ],
  ]),
  ...table<tf.Tensor5D>('Conv3D', [
    ['one window', [1, 2, 2, 2, 1], (x) => tf.conv3d(x, volume(2, 2, 2, 1, 1), 2, 'valid')],
  ]),
  ...table<tf.Tensor5D>('Conv3DBackpropInputV2', [
    [
      'one voxel',
      [1, 1, 1, 1, 2],
      (x) => tf.conv3dTranspose(x, volume(2, 2, 2, 1, 2), [1, 2, 2, 2, 1], 2, 'valid'),
    ],
  ]),
  ...table<tf.Tensor4D>('FusedConv2D', [
    [
      'one channel in and out',
      [1, 4, 4, 1],
      (x) =>
        tf.fused.conv2d({
          x,
          filter: filter(3, 3, 1, 1),
          strides: 1,
          pad: 'same',
          bias: tf.tensor1d([0.2]),
          activation: 'relu',
        }),
    ],
  ]),
  ...table<tf.Tensor4D>('FusedDepthwiseConv2D', [
    [
      'one channel',
      [1, 4, 4, 1],
      (x) =>
        tf.fused.depthwiseConv2d({
          x,
          filter: filter(3, 3, 1, 1),
          strides: 1,
          pad: 'same',
          activation: 'relu',
        }),
    ],
  ]),
  ...table<tf.Tensor2D>('_FusedMatMul', [
    [
      'one number in, one out',
      [3, 1],
      (a) =>
        tf.fused.matMul({
          a,
          b: constant<tf.Rank.R2>([1, 1]),
          bias: tf.tensor1d([0.1]),
          activation: 'relu',
        }),
    ],
  ]),
  ...table<tf.Tensor4D>('FusedBatchNorm', [
    [
      'one channel',
      [2, 2, 2, 1],
      (x) => tf.batchNorm(x, constant([1]), positive([1]), constant([1], 3), constant([1], 4)),
    ],
  ]),
  ...table('Prelu', [['one channel', [3, 1], (x) => tf.prelu(x, tf.tensor1d([-0.3]))]]),
  ...table<tf.Tensor4D>('AvgPool', [
    ['one pixel', [1, 1, 1, 2], (x) => tf.avgPool(x, 1, 1, 'valid')],
    ['one pixel, same', [1, 1, 1, 2], (x) => tf.avgPool(x, 3, 2, 'same')],
  ]),
  ...table<tf.Tensor4D>('MaxPool', [
    ['one pixel', [1, 1, 1, 2], (x) => tf.maxPool(x, 1, 1, 'valid')],
    ['one pixel, same', [1, 1, 1, 2], (x) => tf.maxPool(x, 3, 2, 'same')],
  ]),
  ...table<tf.Tensor4D>('Dilation2D', [
    ['one channel', [1, 4, 4, 1], (x) => tf.dilation2d(x, constant([2, 2, 1]), 1, 'valid')],
  ]),
  ...table('AddN', [['one row', [1, 4], (x) => tf.addN([x, tf.square(x), x])]]),
  ...table('Reshape', [['axes of 1 added', [3], (x) => tf.square(tf.reshape(x, [1, 3, 1]))]]),
  ...table('Slice', [['an axis of 1', [1, 5], (x) => tf.slice(x, [0, 2], [1, 2])]]),
  ...table('StridedSlice', [
    ['an axis of 1', [1, 5], (x) => tf.stridedSlice(x, [0, 4], [1, 0], [2, -2])],
    ['an axis of 1, backwards', [1, 3], (x) => tf.stridedSlice(x, [0, 0], [0, 0], [-1, 2], 3, 3)],
  ]),
  ...table('Concat', [
    ['along axes of 1', [3, 1], (x) => tf.concat([x, constant([3, 1]), tf.square(x)], 1)],
  ]),
  ...table('SplitV', [['an axis of 1', [1, 3], (x) => tf.square(tf.split(x, 1, 0)[0]!)]]),
  ...table('Pack', [['one tensor', [1, 3], (x) => tf.square(tf.stack([x]))]]),
  ...table('Unpack', [['an axis of 1', [1, 3], (x) => tf.square(tf.unstack(x)[0]!)]]),
  ...table('MirrorPad', [
    [
      'symmetric, an axis of 1',
      [1, 3],
      (x) =>
        tf.mirrorPad(
          x,
          [
            [1, 1],
            [2, 0],
          ],
          'symmetric',
        ),
    ],
    [
      'reflect, an axis of 1',
      [1, 3],
      (x) =>
        tf.mirrorPad(
          x,
          [
            [0, 0],
            [2, 1],
          ],
          'reflect',
        ),
    ],
  ]),
  ...table<tf.Tensor4D>('DepthToSpace', [
    ['one pixel', [1, 1, 1, 4], (x) => tf.depthToSpace(x, 2)],
  ]),
  ...table('SpaceToBatchND', [
    [
      'blocks of 1 x 2',
      [1, 1, 4, 1],
      (x) =>
        tf.spaceToBatchND(
          x,
          [1, 2],
          [
            [0, 0],
            [0, 0],
          ],
        ),
    ],
  ]),
  ...table('BatchToSpaceND', [
    [
      'one pixel',
      [4, 1, 1, 1],
      (x) =>
        tf.batchToSpaceND(
          x,
          [2, 2],
          [
            [0, 0],
            [0, 0],
          ],
        ),
    ],
  ]),
  ...table('GatherV2', [
    ['an axis of 1, twice', [1, 3], (x) => tf.gather(x, tf.tensor1d([0, 0], 'int32'))],
    [
      'an axis of 1, batch dimension of 1',
      [1, 1, 3],
      (x) => tf.gather(x, tf.tensor2d([[0, 0]], [1, 2], 'int32'), 1, 1),
    ],
  ]),
  ...table('GatherNd', [['an axis of 1', [1, 3], (x) => tf.gatherND(x, firstRow())]]),
  ...table('ScatterNd', [['to an axis of 1', [1, 3], (x) => tf.scatterND(firstRow(), x, [1, 3])]]),
  ...table('TensorScatterUpdate', [
    [
      'updates of an axis of 1',
      [1, 3],
      (x) => tf.tensorScatterUpdate(constant([1, 3]), firstRow(), x),
    ],
  ]),
  ...table('TopK', [
    ['an axis of 1', [3, 1], (x) => tf.topk(x, 1).values],
    ['a vector of 1', [1], (x) => tf.topk(x, 1).values],
    ['the greatest', [3, 4], (x) => tf.topk(x, 1).values],
  ]),
  ...table('BatchMatMul', [
    ['inner product of length 1', [3, 1], (x) => tf.matMul(x, constant([1, 2]))],
    ['one number', [1, 1], (x) => tf.matMul(x, constant([1, 1]), true, true)],
    ['second, inner product of length 1', [1, 2], (x) => tf.matMul(constant([3, 1]), x)],
  ]),
  ...table('dot', [['vectors of length 1', [1], (x) => tf.dot(x, constant([1]))]]),
  ...table('Einsum', [
    ['inner product of length 1', [3, 1], (x) => tf.einsum('ij,jk->ik', x, constant([1, 2]))],
  ]),
  ...table<tf.Tensor4D>('CropAndResize', [
    [
      'one image',
      [1, 4, 3, 2],
      (x) => tf.image.cropAndResize(x, boxes(), ofFirstImage(), [3, 4], 'bilinear', 0.7),
    ],
    [
      'one image, nearest',
      [1, 4, 3, 2],
      (x) => tf.image.cropAndResize(x, boxes(), ofFirstImage(), [3, 4], 'nearest'),
    ],
  ]),
  ...table('FFT', [
    ['length 1', [2, 1], (x) => tf.abs(tf.fft(tf.complex(x, tf.add(x, 3))))],
    ['inverse, length 1', [2, 1], (x) => tf.abs(tf.ifft(tf.complex(x, tf.add(x, 3))))],
  ]),
  ...table('boolean mask', [
    ['one row', [1, 3], (x) => tf.mul(x, tf.cast(tf.reshape([true], [1, 1]), 'float32'))],
  ]),
  ...table('OneHot', [
    ['one row', [1, 4], (x) => tf.sum(tf.mul(x, tf.oneHot(tf.argMax(x, 1), 4)), 1)],
  ]),
];
