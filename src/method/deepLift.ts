import { add, concat, dispose, keep, mul, slice, sub, tidy, unstack } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { isTensor } from '../checks.js';
import { backward } from '../gradient/backward.js';
import { unconnected } from '../gradient/inputGradient.js';
import { option, optional, optionTable } from '../options.js';
import type { OptionsOf } from '../options.js';
import { deepLiftRules, twinsOn } from '../relevance/deepLiftRules.js';
import type { TwinOf } from '../relevance/deepLiftRules.js';
import type { Task } from '../run/task.js';
import { checkSeed } from '../seed.js';
import type { AttributionOptions } from './attributionOptions.js';
import { baselineOf, checkBaseline } from './baseline.js';
import type { Baseline } from './baseline.js';
import type { Context } from './context.js';
import { defineMethod } from './defineMethod.js';
import type { Attribution } from './defineMethod.js';

const deepLiftOptions = /* @__PURE__ */ optionTable(() => ({
  /**
   * What the input is compared with; of several baselines [k, ...] the mean of the maps is taken,
   * which is DeepSHAP. Default: `'black'` with a preset, else 0.
   */
  baseline: option<Baseline | undefined>(optional(checkBaseline), undefined),
  /** Of the baseline `'noise'`, a whole number from 0 to 2^32 - 1. Default 0. */
  seed: option<number>(checkSeed, 0),
}));

/**
 * Options of {@link deepLift}.
 *
 * @interface
 */
export type DeepLiftOptions = OptionsOf<typeof deepLiftOptions> & AttributionOptions;

/**
 * Distributes the change of the score from a baseline to the input, by the changes of every neuron.
 *
 * It is DeepLIFT's rescale rule: each function passes on the slope between its values on the
 * baseline and on the input. Products, quotients, normalization and softmax are exact, and
 * overlapping max pools add up, so that the map adds up to the difference of the two scores for
 * the scores `'logit'` and `'output'` and score functions. For the other two it begins with the
 * slope at the input, and local response normalization and products along an axis keep their
 * gradient.
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
  options: deepLiftOptions,
  inputsPerImage: ({ baseline }) => 2 * (isTensor(baseline) ? baseline.shape[0]! : 1),
  *attribute(context, rows, { baseline, seed }) {
    yield* context.resolveArgmax(rows);
    const baselines = tidy(() => baselinesOf(baseline, seed, context, rows));
    const [count, k] = [rows.shape[0]!, baselines.length];
    context.rowsExpected ??= context.rowsDone + 2 * k * count;
    const maps: Tensor[][] = [];
    try {
      for (let i = 0; i < count; i++) {
        maps.push(yield* meanOverBaselines(context, rows, baselines, i));
      }
      return tidy(() => maps[0]!.map((_, m) => concat(maps.map((ofClass) => ofClass[m]!))));
    } finally {
      dispose([baselines, maps]);
    }
  },
});

/** Makes the k baselines of the rows, [r, ...] each; the caller owns them. */
function baselinesOf(
  baseline: Baseline | undefined,
  seed: number,
  context: Context,
  rows: Tensor,
): Tensor[] {
  const isSeveral =
    isTensor(baseline) &&
    baseline.shape.slice(1).join() === rows.shape.slice(1).join() &&
    baseline.shape[0] !== context.images;
  return isSeveral
    ? unstack(baseline).map((one) => keep(baselineOf(one, seed, context, rows)))
    : [keep(baselineOf(baseline, seed, context, rows))];
}

/** Computes a row's m maps [1, ...], kept: the mean over baselines. */
function* meanOverBaselines(
  context: Context,
  rows: Tensor,
  baselines: readonly Tensor[],
  i: number,
): Task<Tensor[]> {
  let total: Tensor[] = [];
  try {
    for (const baseline of baselines) {
      const before = total;
      const maps = yield* attributeRow(context, rows, baseline, i);
      total = maps.map((map, m) => keep(before[m] === undefined ? map : add(before[m], map)));
      dispose(before);
      if (before.length > 0) dispose(maps);
    }
    return tidy(() => total.map((sum) => keep(mul(sum, 1 / baselines.length))));
  } finally {
    dispose(total);
  }
}

/** Computes one row's m maps [1, ...] for one baseline: two passes, which the rules compare. */
function* attributeRow(
  context: Context,
  rows: Tensor,
  baseline: Tensor,
  i: number,
): Task<Tensor[]> {
  const x = keep(rowOf(rows, i));
  const x0 = keep(rowOf(baseline, i));
  try {
    const reference = yield* context.record(x0, { rules: deepLiftRules(UNUSED) }, i);
    try {
      const rules = deepLiftRules(twinsOn(reference));
      const multipliers = yield* context.fromTapes(
        x,
        { rules },
        ({ tape, start, cache }) => {
          const { id } = tape.input;
          const multiplier = backward(tape, start, [id], cache, false).get(id);
          if (multiplier === undefined) throw unconnected(tape);
          return multiplier;
        },
        i,
      );
      const maps = tidy(() => {
        const difference = sub(x, x0);
        return multipliers.map((multiplier) => keep(mul(multiplier, difference)));
      });
      dispose(multipliers);
      return maps;
    } finally {
      reference.dispose();
    }
  } finally {
    dispose([x, x0]);
  }
}

/** Nothing goes back through the pass over the baseline. */
const UNUSED: TwinOf = (call) => call;

const rowOf = (rows: Tensor, i: number): Tensor =>
  slice(rows, [i, ...rows.shape.slice(1).map(() => 0)], [1, ...rows.shape.slice(1)]);
