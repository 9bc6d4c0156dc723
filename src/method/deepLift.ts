import { concat, dispose, keep, mul, slice, sub, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { isTensor } from '../checks.js';
import { backward } from '../gradient/backward.js';
import { unconnected } from '../gradient/inputGradient.js';
import type { RuleTable } from '../gradient/rule.js';
import type { OptionsOf } from '../options.js';
import { deepLiftRules } from '../relevance/deepLiftRules.js';
import { PairOfPasses } from '../relevance/pairOfPasses.js';
import type { Task } from '../run/task.js';
import type { TapedPass } from '../score/scoreEvaluator.js';
import type { AttributionOptions } from './attributionOptions.js';
import { baselineOptions, overBaselines } from './baseline.js';
import type { Context } from './context.js';
import { defineMethod } from './defineMethod.js';
import type { Attribution } from './defineMethod.js';

/**
 * Options of {@link deepLift}.
 *
 * @interface
 */
export type DeepLiftOptions = OptionsOf<typeof baselineOptions> & AttributionOptions;

/**
 * Distributes the change of the score from a baseline to the input, by the changes of every neuron.
 *
 * It is DeepLIFT's rescale rule: each function passes on the slope between its values on the
 * baseline and on the input. Products, quotients, normalization and softmax are exact, and
 * overlapping max pools add up, so that the map adds up to the difference of the two scores for
 * the scores `'logit'` and `'output'` and score functions. For the other two it begins with the
 * slope at the input; local response normalization, products along an axis and whatever has a
 * gradient of its own (tf.customGrad, as tf.logSoftmax does) keep that gradient.
 *
 * Arguments, result and errors are those of {@link vanillaGradient}; the result is in units of the
 * score. Costs two forward passes and a way back for each baseline. Passes sanity checks, as the
 * only method of its kind (Sixt et al.: When Explanations Lie, https://arxiv.org/abs/1912.09818).
 *
 * Source: Shrikumar et al.: Learning Important Features, https://arxiv.org/abs/1704.02685; Lundberg,
 * Lee: A Unified Approach to Interpreting Model Predictions, https://arxiv.org/abs/1705.07874
 *
 * @function
 */
export const deepLift: Attribution<DeepLiftOptions> = /* @__PURE__ */ defineMethod({
  name: 'deepLift',
  group: 'relevance',
  options: baselineOptions,
  inputsPerImage: ({ baseline }) => 2 * (isTensor(baseline) ? baseline.shape[0]! : 1),
  *attribute(context, rows, choice) {
    yield* context.resolveArgmax(rows);
    const pair = new PairOfPasses();
    const rules = deepLiftRules((call) => pair.twinOf(call));
    return yield* overBaselines(context, rows, choice, (baseline) =>
      attributeRows(context, rows, baseline, pair, rules),
    );
  },
  referenceScores: (context, rows, choice) =>
    overBaselines(context, rows, choice, (start) => context.values(start)),
});

/** Computes m maps [r, ...] for one baseline, row by row: a pass over each of the two at a time. */
function* attributeRows(
  context: Context,
  rows: Tensor,
  baseline: Tensor,
  pair: PairOfPasses,
  rules: RuleTable,
): Task<Tensor[]> {
  const multipliers: Tensor[][] = [];
  try {
    for (let i = 0; i < rows.shape[0]!; i++) {
      const [x, x0] = [keep(rowOf(rows, i)), keep(rowOf(baseline, i))];
      try {
        pair.reference = yield* context.record(x0, rules, i);
        multipliers.push(yield* context.fromTapes(x, { rules }, inputMultiplier, i));
      } finally {
        pair.dispose();
        dispose([x, x0]);
      }
    }
    return tidy(() => {
      const difference = sub(rows, baseline);
      return multipliers[0]!.map((_, m) =>
        keep(mul(concat(multipliers.map((ofRow) => ofRow[m]!)), difference)),
      );
    });
  } finally {
    dispose(multipliers);
  }
}

function inputMultiplier({ tape, start, cache }: TapedPass): Tensor {
  const { id } = tape.input;
  const multiplier = backward(tape, start, [id], cache, false).get(id);
  if (multiplier === undefined) throw unconnected(tape);
  return multiplier;
}

const rowOf = (rows: Tensor, i: number): Tensor =>
  slice(rows, [i, ...rows.shape.slice(1).map(() => 0)], [1, ...rows.shape.slice(1)]);
