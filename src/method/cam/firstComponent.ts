/**
 * The first singular direction of an activation, without a decomposition.
 *
 * Letters: r rows, h x w places, c channels; A [h w, c] is a row's activation.
 */
import {
  abs,
  argMax,
  cast,
  div,
  divNoNan,
  greater,
  less,
  matMul,
  max,
  mul,
  neg,
  norm,
  onesLike,
  oneHot,
  reshape,
  sum,
  where,
} from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';

/** Squaring so often is a power iteration of 2^12 steps. */
const SQUARINGS = 12;

/**
 * Computes A v with v the first right singular vector: [r, h, w, c] -> [r, h, w, 1].
 *
 * Its sign is the one with which it agrees with the sum of the channels.
 */
export function firstComponent(activation: Tensor): Tensor {
  const [rows = 1, height = 1, width = 1, channels = 1] = activation.shape;
  const a = reshape(activation, [rows, height * width, channels]);
  const greatest = max(abs(a), [1, 2], true);
  const scaled = div(a, where(greater(greatest, 0), greatest, onesLike(greatest)));
  const map = matMul(a, firstRightVector(scaled));
  const agreement = sum(mul(map, sum(a, 2, true)), 1, true);
  return reshape(where(less(agreement, 0), neg(map), map), [rows, height, width, 1]);
}

/** Computes v [r, c, 1] of length 1, or 0 for an activation of zeros. */
function firstRightVector(a: Tensor): Tensor {
  const [, places = 1, channels = 1] = a.shape;
  // The smaller of the two Gram matrices; the left vector gives the right one.
  if (channels <= places) return normalized(leadingVector(matMul(a, a, true, false)));
  return normalized(matMul(a, leadingVector(matMul(a, a, false, true)), true, false));
}

/** Finds the direction [r, k, 1] of the greatest eigenvalue of A A^T [r, k, k]. */
function leadingVector(gram: Tensor): Tensor {
  const [, size = 1] = gram.shape;
  let power = gram;
  for (let i = 0; i < SQUARINGS; i++) power = squared(power);
  // By now nothing but that direction is left: every column is a multiple of it.
  const greatest = max(abs(power), 2);
  const column = cast(oneHot(argMax(greatest, 1) as Tensor1D, size), 'float32');
  return matMul(power, reshape(column, [-1, size, 1]));
}

/** Squares a matrix whose greatest magnitude is made 1 first. */
function squared(matrix: Tensor): Tensor {
  const scaled = divNoNan(matrix, max(abs(matrix), [1, 2], true));
  return matMul(scaled, scaled);
}

const normalized = (vector: Tensor): Tensor => divNoNan(vector, norm(vector, 2, 1, true));
