import * as tf from '@tensorflow/tfjs-core';
import { constant, table } from '../case.js';
import type { Case } from '../case.js';

const shape = [3, 4];
const unit = { range: [-0.9, 0.9] as const };
const above0 = { range: [0.3, 2] as const };

/** x plus a part without slope, so that a gradient is left to be compared. */
const besides = (step: (x: tf.Tensor) => tf.Tensor) => (x: tf.Tensor) =>
  tf.add(x, tf.cast(step(x), 'float32'));

export const elementwiseCases: Case[] = [
  ...table('Relu', [
    ['rank 2', shape, (x) => tf.relu(x)],
    [
      'at 0 the slope is 0',
      [3],
      (x) => tf.relu(x),
      { values: [-1, 0, 2], closedForm: (w) => [0, 0, w[2]!] },
    ],
  ]),
  ...table('Relu6', [
    ['both bounds', shape, (x) => tf.relu6(tf.mul(x, 6))],
    [
      'at 0 and 6 the slope is 0',
      [4],
      (x) => tf.relu6(x),
      { values: [0, 3, 6, 7], closedForm: (w) => [0, w[1]!, 0, 0] },
    ],
  ]),
  ...table('Elu', [['rank 2', shape, (x) => tf.elu(x)]]),
  ...table('Selu', [['rank 2', shape, (x) => tf.selu(x)]]),
  ...table('LeakyRelu', [
    ['slope 0.2', shape, (x) => tf.leakyRelu(x)],
    ['negative slope', shape, (x) => tf.leakyRelu(x, -0.5)],
  ]),
  ...table('Prelu', [
    [
      'one slope per channel, one negative',
      shape,
      (x) => tf.prelu(x, tf.tensor1d([0.3, -0.2, 0.1, 0])),
      { uncut: [1] },
    ],
    ['slopes of the input', shape, (x) => tf.prelu(x, tf.mean(x, 0))],
  ]),
  ...table('Sigmoid', [['rank 2', shape, (x) => tf.sigmoid(x)]]),
  ...table('Tanh', [['rank 2', shape, (x) => tf.tanh(x)]]),
  ...table('Softplus', [['rank 2', shape, (x) => tf.softplus(x)]]),
  ...table('activation', [
    ['swish', shape, (x) => tf.mul(x, tf.sigmoid(x))],
    ['hard sigmoid', shape, (x) => tf.clipByValue(tf.add(tf.mul(x, 0.7), 0.5), 0, 1)],
    ['hard swish', shape, (x) => tf.mul(x, tf.div(tf.relu6(tf.add(tf.mul(x, 3), 3)), 6))],
    ['gelu by erf', shape, (x) => tf.mul(tf.mul(0.5, x), tf.add(1, tf.erf(tf.div(x, Math.SQRT2))))],
    [
      'gelu by tanh',
      shape,
      (x) =>
        tf.mul(
          tf.mul(0.5, x),
          tf.add(1, tf.tanh(tf.mul(0.79788, tf.add(x, tf.mul(0.044715, tf.pow(x, 3)))))),
        ),
    ],
    ['mish', shape, (x) => tf.mul(x, tf.tanh(tf.softplus(x)))],
    ['softsign', shape, (x) => tf.div(x, tf.add(1, tf.abs(x)))],
  ]),
  ...table('Abs', [['rank 2', shape, (x) => tf.abs(x)]]),
  ...table('Acos', [['rank 2', shape, (x) => tf.acos(x), unit]]),
  ...table('Acosh', [['rank 2', shape, (x) => tf.acosh(x), { range: [1.3, 3] }]]),
  ...table('Asin', [['rank 2', shape, (x) => tf.asin(x), unit]]),
  ...table('Asinh', [['rank 2', shape, (x) => tf.asinh(x)]]),
  ...table('Atan', [['rank 2', shape, (x) => tf.atan(x)]]),
  ...table('Atanh', [['rank 2', shape, (x) => tf.atanh(x), { range: [-0.7, 0.7] }]]),
  ...table('ClipByValue', [
    ['rank 2', shape, (x) => tf.clipByValue(x, -0.5, 0.8)],
    [
      'at the bounds the slope is 1',
      [4],
      (x) => tf.clipByValue(x, -1, 1),
      { values: [-2, -1, 1, 2], closedForm: (w) => [0, w[1]!, w[2]!, 0] },
    ],
  ]),
  ...table('Cos', [['rank 2', shape, (x) => tf.cos(x)]]),
  ...table('Cosh', [['rank 2', shape, (x) => tf.cosh(x)]]),
  ...table('Erf', [['rank 2', shape, (x) => tf.erf(x)]]),
  ...table('Exp', [['rank 2', shape, (x) => tf.exp(x)]]),
  ...table('Expm1', [['rank 2', shape, (x) => tf.expm1(x)]]),
  ...table('Log', [['rank 2', shape, (x) => tf.log(x), above0]]),
  ...table('Log1p', [['rank 2', shape, (x) => tf.log1p(x), unit]]),
  ...table('logSigmoid', [['rank 2', shape, (x) => tf.logSigmoid(x)]]),
  ...table('Neg', [['rank 2', shape, (x) => tf.neg(x)]]),
  ...table('Reciprocal', [['rank 2', shape, (x) => tf.reciprocal(x), above0]]),
  ...table('Rsqrt', [['rank 2', shape, (x) => tf.rsqrt(x), above0]]),
  ...table('Sin', [['rank 2', shape, (x) => tf.sin(x)]]),
  ...table('Sinh', [['rank 2', shape, (x) => tf.sinh(x)]]),
  ...table('Sqrt', [['rank 2', shape, (x) => tf.sqrt(x), above0]]),
  ...table('Square', [['rank 2', shape, (x) => tf.square(x)]]),
  ...table('Tan', [['rank 2', shape, (x) => tf.tan(x), unit]]),
  ...table('without slope', [
    ['ArgMax', shape, besides((x) => tf.argMax(x, 0))],
    ['ArgMin', shape, besides((x) => tf.argMin(x, 0))],
    ['Ceil', shape, besides(tf.ceil)],
    ['Floor', shape, besides(tf.floor)],
    ['Round', shape, besides(tf.round)],
    ['Sign', shape, besides(tf.sign)],
    ['Step', shape, besides((x) => tf.step(x, 0.3))],
    ['FloorDiv', shape, besides((x) => tf.floorDiv(x, 0.7))],
    ['Cast to int32', shape, besides((x) => tf.cast(tf.mul(x, 4), 'int32'))],
    ['Greater', shape, besides((x) => tf.greater(x, 0.2))],
    ['Equal', shape, besides((x) => tf.equal(x, constant(shape)))],
    ['IsNan', shape, besides((x) => tf.isNaN(x))],
    ['OnesLike', shape, besides((x) => tf.onesLike(x))],
    ['ZerosLike', shape, besides((x) => tf.zerosLike(x))],
    ['OneHot', [3], (x) => tf.add(tf.expandDims(x, 1), tf.oneHot(tf.cast(tf.abs(x), 'int32'), 4))],
    ['indices of TopK', shape, (x) => tf.add(tf.mean(x, 1, true), tf.topk(x, 2).indices)],
    ['LogicalAnd', shape, besides((x) => tf.logicalAnd(tf.greater(x, 0.2), tf.less(x, 1)))],
  ]),
];
