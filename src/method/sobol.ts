import { checkPositiveInteger } from '../checks.js';
import type { AnyModel } from '../model/asyncModel.js';
import { option, optionTable } from '../options.js';
import type { OptionsOf } from '../options.js';
import { cellSampler } from '../perturbation/cellSampler.js';
import { defineSampling } from '../sampling/defineSampling.js';
import type { SampledAttribution } from '../sampling/defineSampling.js';
import { samplingOptions } from '../sampling/samplingOptions.js';
import type { AttributionOptions } from './attributionOptions.js';

const sobolOptions = /* @__PURE__ */ optionTable(() => ({
  ...samplingOptions(32),
  /** How many cells there are along each axis. Default 8. */
  cells: option<number>(checkPositiveInteger, 8),
}));

/**
 * Options of {@link sobol}.
 *
 * @interface
 */
export type SobolOptions = OptionsOf<typeof sobolOptions> & AttributionOptions;

/**
 * Shows how much of the score's variance under random masks depends on each cell.
 *
 * It is Sobol's total index, by Jansen's estimator: the mean of (f(A) - f(C_i))^2 / 2 over the
 * variance of f, where A and B are random masks with a number from 0 to 1 for each cell, and C_i is
 * A with cell i of B. It has no sign: it tells that a cell matters, not which way. 0 for a model
 * whose score does not vary. `score` is `'output'` by default. It needs no gradient; costs
 * `samples` (cells^2 + 2) forward passes. Returns [h, w, 1] for an image, else the input's shape.
 * Arguments and errors are otherwise those of {@link vanillaGradient}; the asynchronous forms take
 * asynchronous models too.
 *
 * Source: Fel et al.: Look at the Variance!, https://arxiv.org/abs/2111.04138
 *
 * @function
 */
export const sobol: SampledAttribution<SobolOptions, AnyModel> = /* @__PURE__ */ defineSampling({
  name: 'sobol',
  group: 'blackBox',
  options: sobolOptions,
  defaults: { score: 'output' },
  open: (context, rows, options) =>
    cellSampler(context, rows, { ...options, drawMasks, attribute: totalIndices }),
});

/** A, B and then C_i for each cell i. */
function drawMasks(cells: number, random: () => number): readonly Float32Array[] {
  const [a, b] = [0, 1].map(() => Float32Array.from({ length: cells }, random)) as [
    Float32Array,
    Float32Array,
  ];
  const mixed = Array.from({ length: cells }, (_, cell) => {
    const c = a.slice();
    c[cell] = b[cell]!;
    return c;
  });
  return [a, b, ...mixed];
}

function totalIndices(
  scores: readonly Float64Array[],
  _: unknown,
  cells: number,
): ArrayLike<number> {
  const independent = scores.flatMap(([a, b]) => [a!, b!]);
  const mean = independent.reduce((sum, score) => sum + score, 0) / independent.length;
  const squares = independent.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  const variance = squares / Math.max(1, independent.length - 1);
  return Float64Array.from({ length: cells }, (_, cell) => {
    const changes = scores.reduce((sum, of) => sum + (of[0]! - of[2 + cell]!) ** 2, 0);
    return variance === 0 ? 0 : changes / (2 * scores.length * variance);
  });
}
