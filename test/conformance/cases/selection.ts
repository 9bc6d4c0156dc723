import * as tf from '@tensorflow/tfjs-core';
import { constant, table } from '../case.js';
import type { Case } from '../case.js';

const ints = (values: number[]): tf.Tensor1D => tf.tensor1d(values, 'int32');
const bools = (values: number[]): tf.Tensor1D => tf.tensor1d(values, 'bool');

export const selectionCases: Case[] = [
  ...table('GatherV2', [
    ['rows, one twice', [4, 3], (x) => tf.gather(x, ints([2, 0, 2]))],
    ['last axis', [3, 4], (x) => tf.gather(x, ints([3, 1]), -1)],
    [
      'middle axis, indices of rank 2',
      [2, 4, 3],
      (x) =>
        tf.gather(
          x,
          tf.tensor2d(
            [
              [0, 3],
              [1, 1],
            ],
            [2, 2],
            'int32',
          ),
          1,
        ),
    ],
    ['one number', [4, 3], (x) => tf.gather(x, tf.scalar(1, 'int32'))],
    [
      'batch dimension',
      [2, 4, 3],
      (x) =>
        tf.gather(
          x,
          tf.tensor2d(
            [
              [0, 3],
              [1, 1],
            ],
            [2, 2],
            'int32',
          ),
          1,
          1,
        ),
    ],
  ]),
  ...table('GatherNd', [
    [
      'numbers',
      [3, 4],
      (x) =>
        tf.gatherND(
          x,
          tf.tensor2d(
            [
              [0, 1],
              [2, 3],
              [0, 1],
            ],
            [3, 2],
            'int32',
          ),
        ),
    ],
    ['rows', [3, 4], (x) => tf.gatherND(x, tf.tensor2d([[2], [0]], [2, 1], 'int32'))],
  ]),
  ...table('ScatterNd', [
    ['rows', [2, 3], (x) => tf.scatterND(tf.tensor2d([[3], [0]], [2, 1], 'int32'), x, [4, 3])],
    [
      'two to one place',
      [3],
      (x) => tf.scatterND(tf.tensor2d([[3], [0], [3]], [3, 1], 'int32'), x, [5]),
    ],
  ]),
  ...table('TensorScatterUpdate', [
    [
      'tensor',
      [4, 3],
      (x) => tf.tensorScatterUpdate(x, tf.tensor2d([[2], [0]], [2, 1], 'int32'), constant([2, 3])),
    ],
    [
      'updates',
      [2, 3],
      (x) => tf.tensorScatterUpdate(constant([4, 3]), tf.tensor2d([[2], [0]], [2, 1], 'int32'), x),
    ],
  ]),
  ...table('Select', [
    [
      'a constant condition',
      [2, 3],
      (x) => tf.where(tf.reshape(bools([1, 0, 0, 1, 1, 0]), [2, 3]), x, tf.square(x)),
    ],
    [
      'a condition on the input',
      [3, 4],
      (x) => tf.where(tf.greater(x, 0.2), tf.square(x), tf.mul(x, 3)),
    ],
    ['whole rows', [2, 3], (x) => tf.where(tf.reshape(bools([0, 1]), [2, 1]), x, tf.square(x))],
    [
      'broadcast numbers',
      [3, 1],
      (x) => tf.where(tf.greater(constant([3, 4]), 0), x, tf.scalar(0)),
    ],
  ]),
  ...table('TopK', [
    ['values', [3, 5], (x) => tf.topk(x, 2).values],
    ['rank 1', [6], (x) => tf.topk(x, 3).values],
  ]),
  ...table('boolean mask', [
    [
      'by multiplication',
      [4, 3],
      (x) => tf.mul(x, tf.reshape(tf.cast(bools([1, 0, 1, 1]), 'float32'), [4, 1])),
    ],
  ]),
  ...table('OneHot', [
    [
      'class score by a product',
      [2, 4],
      (x) => tf.sum(tf.mul(x, tf.oneHot(tf.argMax(x, 1), 4)), 1),
    ],
  ]),
];
