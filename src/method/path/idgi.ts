/**
 * The important direction of a step of a path: only what changes the score counts.
 *
 * Letters: r rows, m explained classes per image.
 *
 * Source: Yang et al.: IDGI, https://arxiv.org/abs/2303.14242
 */
import {
  add,
  dispose,
  divNoNan,
  keep,
  mul,
  reshape,
  square,
  sub,
  sum,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Task } from '../../run/task.js';
import type { Context } from '../context.js';

/**
 * Shares out each step's change of the score by the squares of the gradient where the step begins:
 * g^2 / |g|^2 (S(next) - S(point)).
 * @param pointOf makes point 0 ... steps of the path, [r, ...], kept
 * @returns m tensors [r, ...]
 */
export function* importantDirections(
  context: Context,
  steps: number,
  pointOf: (step: number) => Tensor,
): Task<Tensor[]> {
  let point = pointOf(0);
  let scores: Tensor[] = [];
  let total: Tensor[] = [];
  try {
    scores = keepAll(yield* context.values(point));
    for (let step = 0; step < steps; step++) {
      const gradients = keepAll(yield* context.gradients(point));
      const next = pointOf(step + 1);
      point.dispose();
      point = next;
      const [before, sums] = [scores, total];
      try {
        scores = keepAll(yield* context.values(point));
        total = tidy(() =>
          gradients.map((gradient, i) => {
            const change = sub(scores[i]!, before[i]!);
            return keep(add(sums[i] ?? 0, share(gradient, change)));
          }),
        );
      } finally {
        dispose([gradients, before, sums].filter((old) => old !== scores && old !== total));
      }
    }
    return total.splice(0);
  } finally {
    dispose([point, scores, total]);
  }
}

/** Shares the change [r] of the score out by the squares of the gradient [r, ...]. */
export function share(gradient: Tensor, change: Tensor): Tensor {
  const axes = [...gradient.shape.keys()].slice(1);
  const squares = square(gradient);
  const perRow = reshape(change, [change.size, ...axes.map(() => 1)]);
  return mul(divNoNan(squares, sum(squares, axes, true)), perRow);
}

const keepAll = (tensors: Tensor[]): Tensor[] => tensors.map((tensor) => keep(tensor));
