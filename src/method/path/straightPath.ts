/**
 * The integral of the gradient along the straight line from a baseline to the input.
 *
 * Letters: r rows, m explained classes per image.
 */
import {
  add,
  concat,
  dispose,
  keep,
  mul,
  reshape,
  sub,
  sum,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Task } from '../../run/task.js';
import type { Context } from '../context.js';
import type { NodesAndWeights } from '../quadrature.js';

/**
 * Integrates in chunks of steps that fit into one pass, so that memory does not grow with them.
 * @returns m tensors [r, ...]
 */
export function* alongStraightPath(
  context: Context,
  rows: Tensor,
  start: Tensor,
  { nodes, weights }: NodesAndWeights,
): Task<Tensor[]> {
  const difference = keep(sub(rows, start));
  const count = difference.shape[0]!;
  let total: Tensor[] = [];
  try {
    for (let first = 0, perPass = 1; first < nodes.length; first += perPass) {
      perPass = Math.max(1, Math.floor(context.rowsPerPass / count));
      const chunk = {
        nodes: nodes.slice(first, first + perPass),
        weights: weights.slice(first, first + perPass),
      };
      const before = total;
      const added = yield* weightedGradients(context, start, difference, chunk);
      total = added.map((gradient, i) => keep(add(before[i] ?? 0, gradient)));
      dispose([before, added]);
    }
    return total.map((average) => mul(average, difference));
  } finally {
    dispose([difference, total]);
  }
}

/** Sums weight times gradient over some nodes, for each class. */
function* weightedGradients(
  context: Context,
  start: Tensor,
  difference: Tensor,
  { nodes, weights }: NodesAndWeights,
): Task<Tensor[]> {
  const { shape } = difference;
  const points = keep(tidy(() => concat(nodes.map((node) => add(start, mul(difference, node))))));
  let gradients: Tensor[] = [];
  try {
    gradients = yield* context.gradients(points);
    return tidy(() => {
      const factors = reshape(tensor1d([...weights]), [nodes.length, ...shape.map(() => 1)]);
      return gradients.map((gradient) =>
        sum(mul(reshape(gradient, [nodes.length, ...shape]), factors), 0),
      );
    });
  } finally {
    dispose([points, gradients]);
  }
}
