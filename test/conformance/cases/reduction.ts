import * as tf from '@tensorflow/tfjs-core';
import { table } from '../case.js';
import type { Case, Row } from '../case.js';

type Reduction = (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor;

const axes = (reduce: Reduction): Row<tf.Tensor>[] => [
  ['all', [3, 4], (x) => reduce(x)],
  ['one axis', [2, 3, 4], (x) => reduce(x, 1)],
  ['two axes, kept', [2, 3, 2, 2], (x) => reduce(x, [1, 2], true)],
  ['a negative axis', [2, 3, 4], (x) => reduce(x, -1)],
];

const above0: Row<tf.Tensor>[3] = { range: [0.4, 1.8] };

export const reductionCases: Case[] = [
  ...table('Sum', axes(tf.sum)),
  ...table('Mean', axes(tf.mean)),
  ...table('Max', [
    ...axes(tf.max),
    [
      'ties share',
      [2, 3],
      (x) => tf.max(x, 1),
      {
        values: [1, 3, 3, -2, -2, -2],
        closedForm: ([a, b]) => [0, a! / 2, a! / 2, b! / 3, b! / 3, b! / 3],
      },
    ],
  ]),
  ...table('Min', [
    ...axes(tf.min),
    [
      'ties share',
      [1, 3],
      (x) => tf.min(x, 1),
      { values: [1, 1, 3], closedForm: ([a]) => [a! / 2, a! / 2, 0] },
    ],
  ]),
  ...table('Prod', [
    ...axes(tf.prod).map(([name, shape, f]): Row<tf.Tensor> => [name, shape, f, above0]),
    ['a zero', [2, 3], (x) => tf.prod(x, 1), { values: [0, 2, 3, 0, 0, 1] }],
  ]),
  ...table('Cumsum', [
    ['last axis', [3, 4], (x) => tf.cumsum(x, 1)],
    ['first axis', [3, 4], (x) => tf.cumsum(x, 0)],
    ['exclusive, reverse', [2, 3, 4], (x) => tf.cumsum(x, 1, true, true)],
  ]),
  ...table('Cumprod', [
    ['last axis', [3, 4], (x) => tf.cumprod(x, 1), above0],
    ['exclusive, reverse, first axis', [4, 3], (x) => tf.cumprod(x, 0, true, true), above0],
    ['a zero', [1, 4], (x) => tf.cumprod(x, 1), { values: [2, 0, 3, 0.5] }],
  ]),
];
