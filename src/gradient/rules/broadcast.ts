/** Broadcasting and its adjoint. */
import { abs, add, backend_util, fill, reshape, step, sub, util } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { summed } from './spectrum.js';

/** Sums `gradient` over the axes along which an operand of shape `shape` was broadcast. */
export function unbroadcast(gradient: Tensor, shape: number[]): Tensor {
  if (util.arraysEqual(gradient.shape, shape)) return gradient;
  const axes = backend_util.getReductionAxes(shape, gradient.shape);
  return reshape(axes.length > 0 ? summed(gradient, axes) : gradient, shape);
}

/** Sets the length of the reduced axes to 1. */
export function keptShape(shape: readonly number[], axes: number | number[] | undefined): number[] {
  const reduced = util.parseAxisParam(axes!, [...shape]);
  return shape.map((size, axis) => (reduced.includes(axis) ? 1 : size));
}

/** Broadcasts `x` to `shape`; on wasm a hundred times as fast as tf.broadcastTo, which tiles. */
export function spreadTo(x: Tensor, shape: number[]): Tensor {
  return add(x, fill(shape, 0));
}

/** Spreads the gradient of a reduction's output over what was reduced. */
export function spread(dy: Tensor, shape: number[], axes: number | number[] | undefined): Tensor {
  return spreadTo(reshape(dy, keptShape(shape, axes)), shape);
}

/**
 * Marks where `x` differs from `y` with 1, else 0; either may be broadcast.
 *
 * On wasm the comparing kernels take ten to two hundred times as long as these three; on webgpu a
 * cast of their bools leaves whole numbers in memory.
 */
export function differs(x: Tensor, y: Tensor): Tensor {
  return step(abs(sub(x, y)));
}
