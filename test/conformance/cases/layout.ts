import * as tf from '@tensorflow/tfjs-core';
import { constant, table } from '../case.js';
import type { Case } from '../case.js';

export const layoutCases: Case[] = [
  ...table('Identity', [['clone', [2, 3], (x) => tf.mul(tf.clone(x), x)]]),
  ...table('Reshape', [['rank 2 to 3', [4, 3], (x) => tf.square(tf.reshape(x, [2, 3, 2]))]]),
  ...table('ExpandDims', [
    ['and squeeze', [3, 2], (x) => tf.square(tf.squeeze(tf.expandDims(x, 1)))],
  ]),
  ...table('Cast', [
    ['float to float', [2, 3], (x) => tf.square(tf.cast(x, 'float32'))],
    ['a product with a mask', [3, 4], (x) => tf.mul(x, tf.cast(tf.greater(x, 0.1), 'float32'))],
    ['a product with bools', [3, 4], (x) => tf.mul(x, tf.greater(x, 0.1))],
  ]),
  ...table('Transpose', [
    ['rank 2', [3, 4], (x) => tf.transpose(x)],
    ['rank 4', [2, 3, 2, 2], (x) => tf.transpose(x, [2, 0, 3, 1])],
    ['rank 5', [2, 1, 3, 2, 2], (x) => tf.transpose(x, [4, 2, 0, 3, 1])],
    ['rank 6, windows of an image', [1, 2, 2, 2, 3, 2], (x) => tf.transpose(x, [0, 1, 3, 2, 4, 5])],
  ]),
  ...table('Reverse', [
    ['one axis', [2, 3, 2], (x) => tf.reverse(x, 1)],
    ['two axes, one negative', [2, 3, 2], (x) => tf.reverse(x, [0, -1])],
  ]),
  ...table<tf.Tensor4D>('FlipLeftRight', [
    ['images', [2, 2, 3, 2], (x) => tf.image.flipLeftRight(x)],
  ]),
  ...table('Slice', [
    ['middle', [3, 5], (x) => tf.slice(x, [1, 2], [2, 2])],
    ['to the end', [3, 5], (x) => tf.slice(x, [0, 1], [-1, -1])],
    ['rank 5', [1, 3, 2, 4, 2], (x) => tf.slice(x, [0, 1, 0, 2, 0], [1, 2, 2, 1, 2])],
    ['fewer begins than axes', [3, 2, 2], (x) => tf.slice(x, 1, 2)],
  ]),
  ...table('StridedSlice', [
    ['stride 2', [5, 6], (x) => tf.stridedSlice(x, [0, 1], [5, 6], [2, 2])],
    ['stride 3, beginning late', [7, 2], (x) => tf.stridedSlice(x, [2, 0], [7, 2], [3, 1])],
    ['backwards', [5, 4], (x) => tf.stridedSlice(x, [4, 3], [0, 0], [-2, -1])],
    [
      'an axis dropped',
      [3, 4, 2],
      (x) => tf.stridedSlice(x, [0, -1, 0], [3, 0, 2], [1, 1, 1], 0, 0, 0, 0, 2),
    ],
    [
      'an axis added, masks and ellipsis',
      [3, 4, 2],
      (x) => tf.stridedSlice(x, [0, 0, 1], [0, 0, 2], [1, 1, 1], 0, 0, 2, 1, 0),
    ],
    [
      'rank 5',
      [2, 1, 3, 4, 1],
      (x) => tf.stridedSlice(x, [0, 0, 1, 0, 0], [2, 1, 3, 4, 1], [1, 1, 1, 2, 1]),
    ],
    ['without begin and end', [6, 3], (x) => tf.stridedSlice(x, [0, 0], [0, 0], [2, -1], 3, 3)],
  ]),
  ...table('Concat', [
    ['last axis, input first', [2, 3], (x) => tf.concat([x, constant<tf.Rank.R2>([2, 2])], -1)],
    [
      'three, input twice',
      [2, 3],
      (x) => tf.concat([x, constant<tf.Rank.R2>([1, 3]), tf.square(x)], 0),
    ],
    ['rank 5', [1, 2, 1, 2, 3], (x) => tf.concat([x, tf.square(x)], 3)],
    [
      'rank 4 channels',
      [1, 2, 3, 2],
      (x) => tf.concat([tf.relu(x), x, constant<tf.Rank.R4>([1, 2, 3, 1])], 3),
    ],
  ]),
  ...table('SplitV', [
    [
      'equal parts, one unused',
      [2, 6],
      (x) => tf.mul(tf.split(x, 3, 1)[0]!, tf.split(x, 3, 1)[2]!),
    ],
    ['sizes', [5, 2], (x) => tf.split(x, [1, 4], 0)[1]!],
  ]),
  ...table('Pack', [
    ['first axis', [2, 3], (x) => tf.stack([x, constant([2, 3]), tf.square(x)])],
    ['last axis', [2, 3], (x) => tf.stack([constant([2, 3]), x], -1)],
  ]),
  ...table('Unpack', [
    ['first axis', [3, 4], (x) => tf.mul(tf.unstack(x)[0]!, tf.unstack(x)[2]!)],
    ['last axis', [3, 4], (x) => tf.unstack(x, -1)[1]!],
  ]),
  ...table('Tile', [
    ['rank 2', [2, 3], (x) => tf.tile(x, [2, 3])],
    ['rank 5', [1, 2, 1, 2, 3], (x) => tf.tile(x, [2, 1, 3, 2, 1])],
  ]),
  ...table('PadV2', [
    [
      'zeros',
      [2, 3],
      (x) =>
        tf.pad(x, [
          [1, 0],
          [2, 1],
        ]),
    ],
    [
      'rank 5',
      [1, 2, 2, 3, 1],
      (x) =>
        tf.pad(x, [
          [0, 0],
          [1, 0],
          [0, 1],
          [2, 1],
          [0, 0],
        ]),
    ],
    [
      'a constant, rank 4',
      [1, 2, 3, 2],
      (x) =>
        tf.pad(
          x,
          [
            [0, 0],
            [1, 1],
            [0, 2],
            [0, 0],
          ],
          0.5,
        ),
    ],
  ]),
  ...table('MirrorPad', [
    [
      'reflect',
      [4, 5],
      (x) =>
        tf.mirrorPad(
          x,
          [
            [2, 1],
            [1, 3],
          ],
          'reflect',
        ),
    ],
    [
      'symmetric',
      [4, 5],
      (x) =>
        tf.mirrorPad(
          x,
          [
            [2, 1],
            [0, 3],
          ],
          'symmetric',
        ),
    ],
    [
      'reflect, images',
      [1, 4, 3, 2],
      (x) =>
        tf.mirrorPad(
          x,
          [
            [0, 0],
            [1, 1],
            [1, 1],
            [0, 0],
          ],
          'reflect',
        ),
    ],
    [
      'symmetric, as wide as the input',
      [3, 2],
      (x) =>
        tf.mirrorPad(
          x,
          [
            [3, 3],
            [2, 0],
          ],
          'symmetric',
        ),
    ],
  ]),
  ...table<tf.Tensor4D>('DepthToSpace', [
    ['channels last', [1, 2, 3, 8], (x) => tf.depthToSpace(x, 2)],
    [
      'channels first',
      [1, 8, 2, 3],
      (x) => tf.depthToSpace(x, 2, 'NCHW'),
      {
        onCpu: (x) => tf.transpose(tf.depthToSpace(tf.transpose(x, [0, 2, 3, 1]), 2), [0, 3, 1, 2]),
      },
    ],
  ]),
  ...table('SpaceToBatchND', [
    [
      'blocks of 2 x 2',
      [1, 4, 4, 2],
      (x) =>
        tf.spaceToBatchND(
          x,
          [2, 2],
          [
            [0, 0],
            [0, 0],
          ],
        ),
    ],
    [
      'padded',
      [1, 3, 4, 1],
      (x) =>
        tf.spaceToBatchND(
          x,
          [2, 3],
          [
            [1, 0],
            [0, 2],
          ],
        ),
    ],
  ]),
  ...table('BatchToSpaceND', [
    [
      'blocks of 2 x 2',
      [4, 2, 2, 2],
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
    [
      'cropped',
      [4, 3, 2, 1],
      (x) =>
        tf.batchToSpaceND(
          x,
          [2, 2],
          [
            [1, 0],
            [0, 2],
          ],
        ),
    ],
  ]),
];
