/** Broadcasting and its adjoint. */
import { backend_util, broadcastTo, reshape, sum, util } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Sums `gradient` over the axes along which an operand of shape `shape` was broadcast. */
export function unbroadcast(gradient: Tensor, shape: number[]): Tensor {
  if (util.arraysEqual(gradient.shape, shape)) return gradient;
  const axes = backend_util.getReductionAxes(shape, gradient.shape);
  return reshape(axes.length > 0 ? sum(gradient, axes) : gradient, shape);
}

/** `shape` with the reduced axes kept as 1. */
export function keptShape(shape: readonly number[], axes: number | number[] | undefined): number[] {
  const reduced = util.parseAxisParam(axes!, [...shape]);
  return shape.map((size, axis) => (reduced.includes(axis) ? 1 : size));
}

/** The gradient of a reduction's output laid over what was reduced. */
export function spread(dy: Tensor, shape: number[], axes: number | number[] | undefined): Tensor {
  return broadcastTo(reshape(dy, keptShape(shape, axes)), shape);
}
