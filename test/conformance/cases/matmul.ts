import * as tf from '@tensorflow/tfjs-core';
import { constant, table } from '../case.js';
import type { Case } from '../case.js';

export const matmulCases: Case[] = [
  ...table('BatchMatMul', [
    ['x first', [3, 4], (x) => tf.matMul(x, constant([4, 2]))],
    ['x second', [4, 3], (x) => tf.matMul(constant([2, 4]), x)],
    ['first transposed', [4, 3], (x) => tf.matMul(x, constant([4, 2]), true)],
    ['second transposed', [3, 4], (x) => tf.matMul(x, constant([2, 4]), false, true)],
    ['both transposed', [4, 3], (x) => tf.matMul(x, constant([2, 4]), true, true)],
    ['x second, both transposed', [2, 4], (x) => tf.matMul(constant([4, 3]), x, true, true)],
    ['x second, transposed', [2, 4], (x) => tf.matMul(constant([3, 4]), x, false, true)],
    ['with itself', [3, 4], (x) => tf.matMul(x, x, false, true)],
    ['batch', [2, 3, 4], (x) => tf.matMul(x, constant([2, 4, 2]))],
    [
      'batch of rank 4, second transposed',
      [2, 2, 3, 2],
      (x) => tf.matMul(x, tf.square(x), false, true),
    ],
    ['x is the smaller batch', [1, 3, 4], (x) => tf.matMul(x, constant([2, 4, 2]))],
    ['x is the smaller batch, second', [4, 2], (x) => tf.matMul(constant([2, 3, 4]), x)],
    ['x is the larger batch', [2, 3, 4], (x) => tf.matMul(x, constant([4, 2]))],
    [
      'x is the smaller batch, transposed',
      [1, 4, 3],
      (x) => tf.matMul(x, constant([2, 4, 2]), true),
    ],
  ]),
  ...table('dot', [
    ['vectors', [5], (x) => tf.dot(x, constant([5]))],
    ['matrix and vector', [3, 5], (x) => tf.dot(x, constant([5]))],
  ]),
  ...table('Einsum', [
    ['matrix product', [3, 4], (x) => tf.einsum('ij,jk->ik', x, constant([4, 2]))],
    ['x second', [4, 3], (x) => tf.einsum('ij,jk->ki', constant([2, 4]), x)],
    [
      'attention scores',
      [1, 2, 2, 3],
      (x) => tf.einsum('bqhd,bkhd->bhqk', x, constant([1, 3, 2, 3])),
    ],
    [
      'summed over a label of its own',
      [2, 3, 2],
      (x) => tf.einsum('ijk,jl->il', x, constant([3, 2])),
    ],
    ['one operand, transposed', [2, 3, 2], (x) => tf.einsum('ijk->kij', x)],
    ['one operand, summed', [2, 3, 2], (x) => tf.einsum('ijk->j', x)],
    ['outer product', [3], (x) => tf.einsum('i,j->ij', x, constant([4]))],
    ['with itself', [3, 4], (x) => tf.einsum('ij,kj->ik', x, x)],
  ]),
  ...table<tf.Tensor3D>('attention', [
    [
      'one head',
      [1, 4, 3],
      (x) => {
        const scores = tf.matMul(
          tf.matMul(x, constant([1, 3, 3], 1)),
          tf.matMul(x, constant([1, 3, 3], 2)),
          false,
          true,
        );
        return tf.matMul(
          tf.softmax(tf.div(scores, Math.sqrt(3))),
          tf.matMul(x, constant([1, 3, 3], 3)),
        );
      },
    ],
  ]),
];
