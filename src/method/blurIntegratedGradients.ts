import {
  add,
  clone,
  concat,
  dispose,
  keep,
  mul,
  reshape,
  sub,
  sum,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkPositiveInteger, outOfRange, wrongType } from '../checks.js';
import { option, optionTable } from '../options.js';
import type { OptionsOf, ValuesOf } from '../options.js';
import type { Task } from '../run/task.js';
import type { AttributionOptions } from './attributionOptions.js';
import { gaussianBlur } from './baseline.js';
import { checkImage } from './cam/defineCam.js';
import type { Context } from './context.js';
import { defineMethod } from './defineMethod.js';
import type { Attribution } from './defineMethod.js';
import { importantDirections } from './path/idgi.js';
import { idgiOptions } from './pathOptions.js';

function checkSigma(argument: string, sigma: unknown): asserts sigma is number {
  const expected = 'a finite number > 0';
  if (typeof sigma !== 'number') throw wrongType(argument, expected, sigma);
  if (!(sigma > 0 && sigma < Infinity)) throw outOfRange(argument, expected, sigma);
}

const blurOptions = /* @__PURE__ */ optionTable(() => ({
  ...idgiOptions,
  /** The greatest deviation of the blur, in pixels of the model's input. Default 50. */
  maxSigma: option<number>(checkSigma, 50),
  /** How many gradients are taken along the path. Default 50. */
  steps: option<number>(checkPositiveInteger, 50),
}));

/**
 * Options of {@link blurIntegratedGradients}.
 *
 * @interface
 */
export type BlurIntegratedGradientsOptions = OptionsOf<typeof blurOptions> & AttributionOptions;

/**
 * Integrates the gradient along the path on which the input comes into focus.
 *
 * The path goes from the input blurred by a Gaussian of `maxSigma` to the input, in steps that are
 * finest where it is sharp; so there is no baseline to choose, and no new colour. The attributions
 * add up to the score less that of the blurred input. Costs `steps` gradients. Arguments, result
 * and errors are those of {@link vanillaGradient}, for images; the result is in units of the score.
 *
 * Source: Xu, Venugopalan, Sundararajan: Attribution in Scale and Space,
 * https://arxiv.org/abs/2004.03383
 *
 * @function
 */
export const blurIntegratedGradients: Attribution<BlurIntegratedGradientsOptions> =
  /* @__PURE__ */ defineMethod({
    name: 'blurIntegratedGradients',
    options: blurOptions,
    inputsPerImage: ({ steps, idgi }) => (idgi ? 2 * steps + 1 : steps),
    attribute: (context, rows, options) => {
      checkImage(rows);
      const { idgi, steps } = options;
      return idgi
        ? importantDirections(context, steps, (step) => keep(focused(rows, step, options)))
        : alongFocus(context, rows, options);
    },
    *referenceScores(context, rows, { maxSigma }) {
      const blurred = keep(tidy(() => gaussianBlur(rows, maxSigma)));
      try {
        return yield* context.values(blurred);
      } finally {
        blurred.dispose();
      }
    },
  });

/** Makes the point after `step` steps; those are as wide as the blur there is. */
function focused(
  rows: Tensor,
  step: number,
  { steps, maxSigma }: ValuesOf<typeof blurOptions>,
): Tensor {
  const left = 1 - step / steps;
  return left <= 0 ? clone(rows) : tidy(() => gaussianBlur(rows, maxSigma * left * left));
}

/** Sums the gradient in the middle of each step times the step, in chunks that fit into a pass. */
function* alongFocus(
  context: Context,
  rows: Tensor,
  options: ValuesOf<typeof blurOptions>,
): Task<Tensor[]> {
  const count = rows.shape[0]!;
  let total: Tensor[] = [];
  // Where the last step has ended.
  let end = keep(focused(rows, 0, options));
  try {
    for (let first = 0, perPass = 1; first < options.steps; first += perPass) {
      perPass = Math.max(1, Math.floor(context.rowsPerPass / count));
      const steps = Array.from(
        { length: Math.min(perPass, options.steps - first) },
        (_, i) => first + i,
      );
      const points = keep(
        tidy(() => concat(steps.map((step) => focused(rows, step + 0.5, options)))),
      );
      let gradients: Tensor[] = [];
      const [before, start] = [total, end];
      try {
        gradients = yield* context.gradients(points);
        [total, end] = tidy(() => {
          const ends = steps.map((step) => focused(rows, step + 1, options));
          const ways = concat(ends.map((each, i) => sub(each, ends[i - 1] ?? start)));
          const totals = gradients.map((gradient, i) => {
            const added = sum(reshape(mul(gradient, ways), [steps.length, ...rows.shape]), 0);
            return add(before[i] ?? 0, added);
          });
          return [totals, ends.at(-1)!] as [Tensor[], Tensor];
        });
        [...total, end].forEach((tensor) => keep(tensor));
        dispose([before, start]);
      } finally {
        dispose([points, gradients]);
      }
    }
    return total.splice(0);
  } finally {
    dispose([total, end]);
  }
}
