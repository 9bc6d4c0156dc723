import * as tf from '@tensorflow/tfjs-core';
import { constant, positive, table } from '../case.js';
import type { Case, Row } from '../case.js';

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** Either operand may be the one that is differentiated, and the one that is broadcast. */
const bothWays = (op: Binary, options: Row<tf.Tensor>[3] = {}): Row<tf.Tensor>[] => [
  ['x first', [2, 3, 4], (x) => op(x, positive([3, 1])), options],
  ['x second', [2, 3, 4], (x) => op(positive([3, 1]), x), options],
  ['x first and smaller', [3, 1], (x) => op(x, positive([2, 3, 4])), options],
  ['x second and smaller', [4], (x) => op(positive([2, 3, 4]), x), options],
  ['both', [3, 4], (x) => op(x, tf.add(tf.mean(x, 0, true), 0.3)), options],
];

const above0: Row<tf.Tensor>[3] = { range: [0.4, 2.2] };

export const arithmeticCases: Case[] = [
  ...table('Add', bothWays(tf.add)),
  ...table('Sub', bothWays(tf.sub)),
  ...table('Multiply', [...bothWays(tf.mul), ['x twice', [3, 4], (x) => tf.mul(x, x)]]),
  ...table('RealDiv', bothWays(tf.div, above0)),
  ...table('divNoNan', [['x second', [2, 3], (x) => tf.divNoNan(positive([2, 3]), x), above0]]),
  ...table('SquaredDifference', bothWays(tf.squaredDifference)),
  ...table('Maximum', [
    ...bothWays(tf.maximum, { range: [0.1, 2] }),
    [
      'a tie goes to the first',
      [2],
      (x) => tf.maximum(x, tf.tensor1d([1, 1])),
      { values: [1, 2], closedForm: (w) => w },
    ],
    [
      'a tie leaves the second',
      [2],
      (x) => tf.maximum(tf.tensor1d([1, 1]), x),
      { values: [1, 2], closedForm: (w) => [0, w[1]!] },
    ],
  ]),
  ...table('Minimum', [
    ...bothWays(tf.minimum, { range: [0.1, 2] }),
    [
      'a tie goes to the first',
      [2],
      (x) => tf.minimum(x, tf.tensor1d([1, 1])),
      { values: [1, 0], closedForm: (w) => w },
    ],
  ]),
  ...table('Pow', [
    ...bothWays(tf.pow, above0),
    ['negative base, whole exponent', [3, 4], (x) => tf.pow(x, tf.tensor1d([2, 3, 1, 4]))],
    ['base 0', [2], (x) => tf.pow(x, 2), { values: [0, 1], closedForm: (w) => [0, 2 * w[1]!] }],
  ]),
  ...table('Mod', [
    ['x first', [3, 4], (x) => tf.mod(x, tf.scalar(0.7))],
    ['x second', [3, 4], (x) => tf.mod(tf.scalar(5), x), { range: [1.1, 1.6] }],
  ]),
  ...table('Atan2', [
    ['x first', [2, 3, 4], (x) => tf.atan2(x, positive([3, 1]))],
    ['x second and smaller', [4], (x) => tf.atan2(positive([2, 3, 4]), x)],
  ]),
  ...table('AddN', [
    ['three, one of them twice', [3, 4], (x) => tf.addN([x, tf.square(x), x, constant([3, 4])])],
  ]),
  ...table('broadcastTo', [
    ['a row', [1, 4], (x) => tf.broadcastTo(x, [3, 4])],
    ['a new axis', [3, 1], (x) => tf.broadcastTo(x, [2, 3, 4])],
  ]),
];
