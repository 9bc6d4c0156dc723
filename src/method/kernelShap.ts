import type { AnyModel } from '../model/asyncModel.js';
import { option, optionTable } from '../options.js';
import type { OptionsOf } from '../options.js';
import { coalitionsOf, sizeOf } from '../perturbation/coalitions.js';
import { solve } from '../perturbation/linearSystem.js';
import { normalEquations, segmentSampler } from '../perturbation/segmentSampler.js';
import type { RowSamples } from '../perturbation/segmentSampler.js';
import { defineSampling } from '../sampling/defineSampling.js';
import type { SampledAttribution } from '../sampling/defineSampling.js';
import { samplingOptions } from '../sampling/samplingOptions.js';
import { checkSegments } from '../segment/segmentsOfRows.js';
import type { Segments } from '../segment/segmentsOfRows.js';
import type { AttributionOptions } from './attributionOptions.js';

const kernelShapOptions = /* @__PURE__ */ optionTable(() => ({
  ...samplingOptions(1000),
  /** What is kept or hidden as a whole: about how many superpixels, or a label map. Default 50. */
  segments: option<Segments>(checkSegments, 50),
}));

/**
 * Options of {@link kernelShap}.
 *
 * @interface
 */
export type KernelShapOptions = OptionsOf<typeof kernelShapOptions> & AttributionOptions;

/**
 * Shares the score out among segments by their Shapley values, estimated by weighted regression.
 *
 * Each pixel gets its segment's value. The values of an image's segments add up to the score less
 * that of the baseline, exactly; they are exact where all subsets of segments are no more than
 * `samples`. Coalitions come in pairs of one and its complement. `score` is `'output'` by default.
 * It needs no gradient; costs `samples` + 2 forward passes. Returns [h, w, 1] for an image, else
 * the input's shape. Arguments and errors are otherwise those of {@link vanillaGradient}; the
 * asynchronous forms take asynchronous models too.
 *
 * Sources: Lundberg, Lee: A Unified Approach to Interpreting Model Predictions,
 * https://arxiv.org/abs/1705.07874; Covert, Lee: Improving KernelSHAP,
 * https://arxiv.org/abs/2012.01536
 *
 * @function
 */
export const kernelShap: SampledAttribution<KernelShapOptions, AnyModel> =
  /* @__PURE__ */ defineSampling({
    name: 'kernelShap',
    group: 'blackBox',
    options: kernelShapOptions,
    defaults: { score: 'output' },
    open: (context, rows, { samples, seed, baseline, segments }) =>
      segmentSampler(context, rows, {
        baseline,
        seed,
        segments,
        coalitionsOf: (count) =>
          coalitionsOf({ segments: count, samples, seed, withEnds: false, drawSize: sizes(count) }),
        attribute: shapleyValues,
      }),
  });

/** Draws sizes of coalitions by the kernel's weight of all coalitions of a size. */
function sizes(segments: number): (random: () => number) => number {
  const weights = Array.from({ length: Math.max(0, segments - 1) }, (_, i) => {
    const size = i + 1;
    return 1 / (size * (segments - size));
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return (random) => {
    let left = random() * total;
    const found = weights.findIndex((weight) => (left -= weight) < 0);
    return found === -1 ? segments - 1 : found + 1;
  };
}

/** The kernel's weight of one coalition, up to a factor: 1 / (C(d, k) k (d - k)). */
function kernelWeight(segments: number, size: number): number {
  let binomial = 1;
  for (let i = 0; i < size; i++) binomial *= (segments - i) / (i + 1);
  return 1 / (binomial * size * (segments - size));
}

/**
 * Solves the regression on the coalitions under the constraint that the values add up to the
 * difference of the scores, by its Lagrange multiplier.
 */
function shapleyValues(samples: RowSamples): readonly Float64Array[] {
  const { segments, isEverySubset, coalitions, scores, whole, empty } = samples;
  // Drawn coalitions occur as often as the kernel weighs them.
  const weights = coalitions.map((coalition) =>
    isEverySubset ? kernelWeight(segments, sizeOf(coalition)) : 1,
  );
  const targets = scores.map((ofClass, c) => ofClass.map((score) => score - empty[c]!));
  const { matrix, sides } = normalEquations({ rows: coalitions, weights, targets }, segments);
  const [ones, ...solutions] = solve(matrix, [new Float64Array(segments).fill(1), ...sides]);
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  return solutions.map((values, c) => {
    const missing = (whole[c]! - empty[c]! - sum(values)) / sum(ones!);
    return values.map((value, i) => value + missing * ones![i]!);
  });
}
