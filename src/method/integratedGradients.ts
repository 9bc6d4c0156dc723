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
import type { OptionsOf } from '../options.js';
import type { Task } from '../run/task.js';
import type { AttributionOptions } from './attributionOptions.js';
import { overBaselines } from './baseline.js';
import type { Context } from './context.js';
import { defineMethod } from './defineMethod.js';
import type { Attribution } from './defineMethod.js';
import { pathOptions } from './pathOptions.js';
import { quadrature } from './quadrature.js';
import type { NodesAndWeights } from './quadrature.js';

/**
 * Options of {@link integratedGradients}.
 *
 * @interface
 */
export type IntegratedGradientsOptions = OptionsOf<typeof pathOptions> & AttributionOptions;

/**
 * Integrates the gradient along the straight line from a baseline to the input, times their
 * difference.
 *
 * The attributions of an input add up to the score of the input less that of the baseline
 * (completeness); {@link convergenceDelta} tells how far they do. Arguments, result and errors are
 * those of {@link vanillaGradient}; the result is in units of the score. `batchSize` counts points
 * of the path.
 *
 * Source: Sundararajan, Taly, Yan: Axiomatic Attribution for Deep Networks,
 * https://arxiv.org/abs/1703.01365
 *
 * @function
 */
export const integratedGradients: Attribution<IntegratedGradientsOptions> =
  /* @__PURE__ */ defineMethod({
    name: 'integratedGradients',
    options: pathOptions,
    inputsPerImage: ({ steps }) => steps,
    attribute: (context, rows, options) =>
      overBaselines(context, rows, options, function* (start) {
        const difference = keep(sub(rows, start));
        const { rule, steps } = options;
        try {
          return yield* alongPath(context, start, difference, quadrature(rule, steps));
        } finally {
          difference.dispose();
        }
      }),
  });

/** Integrates in chunks of steps that fit into one pass: memory does not grow with them. */
function* alongPath(
  context: Context,
  start: Tensor,
  difference: Tensor,
  { nodes, weights }: NodesAndWeights,
): Task<Tensor[]> {
  const rows = difference.shape[0]!;
  let total: Tensor[] = [];
  try {
    for (let first = 0, perPass = 1; first < nodes.length; first += perPass) {
      perPass = Math.max(1, Math.floor(context.rowsPerPass / rows));
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
    dispose(total);
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
