import * as tf from '@tensorflow/tfjs-core';
import { constant, positive, table } from '../case.js';
import type { Case } from '../case.js';

const mean = () => constant<tf.Rank.R1>([3], 1);
const variance = () => positive([3], 2) as tf.Tensor1D;
const offset = () => constant<tf.Rank.R1>([3], 3);
const scale = () => constant<tf.Rank.R1>([3], 4);

/** The statistics have three channels. */
const channels = { uncut: [3] };

/** As layers and converted models write it, of elementary ops. */
function layerNorm(x: tf.Tensor): tf.Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-3)));
}

/**
 * tfjs-layers' layer normalization runs through batch normalization, with statistics of the input
 * itself.
 */
function byBatchNorm(x: tf.Tensor4D, axes: number[]): tf.Tensor {
  const { mean, variance } = tf.moments(x, axes, true);
  const shape = x.shape;
  const like = (t: tf.Tensor): tf.Tensor4D => tf.broadcastTo(t, shape) as tf.Tensor4D;
  return tf.batchNorm4d(x, like(mean), like(variance), like(offset()), like(scale()), 1e-3);
}

export const normalizationCases: Case[] = [
  ...table<tf.Tensor4D>('FusedBatchNorm', [
    [
      'scale and offset',
      [2, 3, 2, 3],
      (x) => tf.batchNorm(x, mean(), variance(), offset(), scale()),
      channels,
    ],
    ['no scale', [2, 3, 2, 3], (x) => tf.batchNorm(x, mean(), variance(), offset()), channels],
    [
      'no offset',
      [2, 3, 2, 3],
      (x) => tf.batchNorm(x, mean(), variance(), undefined, scale()),
      channels,
    ],
    [
      'neither',
      [2, 3, 2, 3],
      (x) => tf.batchNorm(x, mean(), variance(), undefined, undefined, 1e-5),
      channels,
    ],
    ['statistics of each sample (layer)', [2, 2, 2, 3], (x) => byBatchNorm(x, [3])],
    // The variance of two numbers alone is too steep for differences.
    [
      'statistics of each channel (instance)',
      [2, 2, 3, 3],
      (x) => byBatchNorm(x, [1, 2]),
      { uncut: [2] },
    ],
    [
      'scale and offset of the input',
      [2, 3, 2, 3],
      (x) =>
        tf.batchNorm(tf.square(x), mean(), variance(), tf.mean(x, [0, 1, 2]), tf.max(x, [0, 1, 2])),
      channels,
    ],
  ]),
  ...table<tf.Tensor2D>('FusedBatchNorm', [
    [
      'vectors',
      [4, 3],
      (x) => tf.batchNorm(x, mean(), variance(), offset(), scale()),
      { uncut: [1] },
    ],
  ]),
  ...table<tf.Tensor4D>('LRN', [
    ['depth radius 2', [1, 2, 3, 6], (x) => tf.localResponseNormalization(x, 2, 1, 0.5, 0.75)],
    ['as AlexNet has it', [1, 2, 2, 7], (x) => tf.localResponseNormalization(x, 5, 1, 1e-4, 0.75)],
    ['no batch dimension', [2, 3, 5], (x) => tf.localResponseNormalization(x, 1, 2, 0.3, 0.5)],
  ]),
  ...table('layer normalization', [['by moments', [2, 3, 5], layerNorm]]),
  ...table('moments', [
    ['variance', [3, 4, 2], (x) => tf.moments(x, [0, 1]).variance],
    ['mean and variance', [3, 4], (x) => tf.add(tf.moments(x).mean, tf.moments(x).variance)],
  ]),
  ...table('Softmax', [
    ['rows', [3, 5], (x) => tf.softmax(x)],
    ['rank 4', [2, 2, 2, 3], (x) => tf.softmax(x)],
    ['peaked', [2, 3], (x) => tf.softmax(tf.mul(x, 3))],
  ]),
  ...table('LogSoftmax', [
    ['rows', [3, 5], (x) => tf.logSoftmax(x)],
    ['rank 3', [2, 2, 3], (x) => tf.logSoftmax(x)],
    ['along the first axis', [3, 4], (x) => tf.transpose(tf.logSoftmax(tf.transpose(x)))],
  ]),
  ...table('logSumExp', [
    ['all', [3, 4], (x) => tf.logSumExp(x)],
    ['along an axis', [3, 4, 2], (x) => tf.logSumExp(x, 1, true)],
  ]),
  ...table('norm', [
    ['euclidean', [3, 4], (x) => tf.norm(x, 'euclidean', 1)],
    ['1', [3, 4], (x) => tf.norm(x, 1, 0)],
    ['division by it', [3, 4], (x) => tf.div(x, tf.norm(x, 2, -1, true))],
  ]),
];
