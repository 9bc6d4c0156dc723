import * as tf from '@tensorflow/tfjs-core';
import { constant, table } from '../case.js';
import type { Case, Row } from '../case.js';

const image = [1, 5, 6, 2];
const negative = { range: [-3, -0.5] as const };

/** Both pools share their windows. */
const windows = (pool: typeof tf.avgPool): Row<tf.Tensor4D>[] => [
  ['2 x 2, stride 2', [1, 6, 4, 2], (x) => pool(x, 2, 2, 'valid')],
  ['valid, last row unused', image, (x) => pool(x, 2, 2, 'valid')],
  ['same, odd size', image, (x) => pool(x, 2, 2, 'same')],
  ['3 x 3, stride 2, same', image, (x) => pool(x, 3, 2, 'same')],
  ['3 x 3, stride 1, same', image, (x) => pool(x, 3, 1, 'same')],
  ['3 x 2, stride 1 x 2, valid', image, (x) => pool(x, [3, 2], [1, 2], 'valid')],
  ['2 x 2, stride 3', [1, 7, 8, 1], (x) => pool(x, 2, 3, 'valid')],
  ['padding 1', image, (x) => pool(x, 3, 2, 1, 'floor')],
  [
    'explicit padding',
    image,
    (x) =>
      pool(x, 3, 2, [
        [0, 0],
        [1, 0],
        [0, 1],
        [0, 0],
      ] as unknown as number),
  ],
  ['padding rounded up', [1, 6, 6, 1], (x) => pool(x, 3, 2, 1, 'ceil')],
  ['global', [2, 3, 4, 2], (x) => pool(x, [3, 4], 1, 'valid')],
  ['no batch dimension', [4, 5, 2], (x) => pool(x, 2, 2, 'same')],
  ['two images', [2, 4, 4, 2], (x) => pool(x, 2, 2, 'same')],
];

const boxes = (pool: typeof tf.avgPool3d): Row<tf.Tensor5D>[] => [
  ['2 x 2 x 2, stride 2', [1, 4, 4, 2, 2], (x) => pool(x, 2, 2, 'valid')],
  ['same', [1, 3, 4, 5, 1], (x) => pool(x, [2, 3, 2], [1, 2, 2], 'same')],
  ['padding 1', [1, 3, 4, 4, 1], (x) => pool(x, 3, 2, 1, 'floor')],
];

export const poolingCases: Case[] = [
  ...table<tf.Tensor4D>('AvgPool', windows(tf.avgPool)),
  ...table<tf.Tensor4D>('MaxPool', [
    ...windows(tf.maxPool),
    ['negative windows', image, (x) => tf.maxPool(x, 2, 2, 'valid'), negative],
    ['negative windows, same', image, (x) => tf.maxPool(x, 3, 2, 'same'), negative],
    ['zeros after a relu', [1, 4, 4, 2], (x) => tf.maxPool(tf.relu(x), 2, 2, 'valid')],
    [
      'a tie goes to the first',
      [1, 2, 4, 1],
      (x) => tf.maxPool(x, 2, 2, 'valid'),
      { values: [1, 2, -3, -3, 2, 2, -3, -3], closedForm: ([a, b]) => [0, a!, b!, 0, 0, 0, 0, 0] },
    ],
    ['dilation 2', [1, 6, 6, 1], (x) => tf.pool(x, 2, 'max', 'valid', 2, 1)],
  ]),
  ...table<tf.Tensor4D>('MaxPoolWithArgmax', [
    ['3 x 3, stride 2, same', image, (x) => tf.maxPoolWithArgmax(x, 3, 2, 'same')['result']!],
    ['negative windows', image, (x) => tf.maxPoolWithArgmax(x, 2, 2, 'valid')['result']!, negative],
  ]),
  ...table<tf.Tensor5D>('AvgPool3D', boxes(tf.avgPool3d)),
  ...table<tf.Tensor5D>('MaxPool3D', [
    ...boxes(tf.maxPool3d),
    ['negative windows', [1, 3, 4, 4, 1], (x) => tf.maxPool3d(x, 2, 1, 'same'), negative],
    [
      'a tie goes to the first',
      [1, 2, 2, 2, 1],
      (x) => tf.maxPool3d(x, 2, 2, 'valid'),
      { values: [0, 0, 1, 0, 1, 1, 0, 0], closedForm: ([a]) => [0, 0, a!, 0, 0, 0, 0, 0] },
    ],
  ]),
  ...table<tf.Tensor4D>('Dilation2D', [
    ['valid', image, (x) => tf.dilation2d(x, constant<tf.Rank.R3>([2, 3, 2]), 1, 'valid')],
    ['same, stride 2', image, (x) => tf.dilation2d(x, constant<tf.Rank.R3>([3, 3, 2]), 2, 'same')],
    ['dilation 2', image, (x) => tf.dilation2d(x, constant<tf.Rank.R3>([2, 2, 2]), 1, 'valid', 2)],
  ]),
];
