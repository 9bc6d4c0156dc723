import { checkPositiveInteger } from '../checks.js';
import type { AnyModel } from '../model/asyncModel.js';
import { option, optionTable } from '../options.js';
import type { OptionsOf } from '../options.js';
import { cellSampler } from '../perturbation/cellSampler.js';
import { defineSampling } from '../sampling/defineSampling.js';
import type { SampledAttribution } from '../sampling/defineSampling.js';
import { samplingOptions } from '../sampling/samplingOptions.js';
import type { AttributionOptions } from './attributionOptions.js';

const hsicOptions = /* @__PURE__ */ optionTable(() => ({
  ...samplingOptions(500),
  /** How many cells there are along each axis. Default 8. */
  cells: option<number>(checkPositiveInteger, 8),
}));

/**
 * Options of {@link hsic}.
 *
 * @interface
 */
export type HsicOptions = OptionsOf<typeof hsicOptions> & AttributionOptions;

/**
 * Shows how far the score depends on whether each cell is there, in any way.
 *
 * It is the Hilbert-Schmidt independence criterion of a cell's mask (kernel 1/2 - (x - y)^2) and
 * the score (a Gaussian kernel as wide as the median distance): tr(K H L H) / (samples - 1)^2. It
 * has no sign: it tells that a cell matters, not which way. `score` is `'output'` by default. It
 * needs no gradient; costs `samples` forward passes. Returns [h, w, 1] for an image, else the
 * input's shape. Arguments and errors are otherwise those of {@link vanillaGradient}; the
 * asynchronous forms take asynchronous models too.
 *
 * Source: Novello, Fel, Vigouroux: Making Sense of Dependence, https://arxiv.org/abs/2206.06219
 *
 * @function
 */
export const hsic: SampledAttribution<HsicOptions, AnyModel> = /* @__PURE__ */ defineSampling({
  name: 'hsic',
  group: 'blackBox',
  options: hsicOptions,
  defaults: { score: 'output' },
  open: (context, rows, options) =>
    cellSampler(context, rows, { ...options, drawMasks, attribute: dependence }),
});

/** One mask, each of whose cells is kept with probability 1/2. */
const drawMasks = (cells: number, random: () => number): readonly Float32Array[] => [
  Float32Array.from({ length: cells }, () => (random() < 0.5 ? 1 : 0)),
];

function dependence(
  scores: readonly Float64Array[],
  masksOf: (i: number) => readonly Float32Array[],
  cells: number,
): ArrayLike<number> {
  const n = scores.length;
  const kernel = centeredKernel(scores.map(([score]) => score!));
  const result = new Float64Array(cells);
  if (kernel === undefined) return result;
  // The masks' kernel is half the product of their signs, so that the trace is a quadratic form.
  const signs = scores.map((_, i) => masksOf(i)[0]!.map((kept) => 2 * kept - 1));
  const sums = new Float64Array(cells);
  for (let a = 0; a < n; a++) {
    // Both kernels are symmetric.
    sums.fill(0);
    for (let b = 0; b < a; b++) addScaled(sums, signs[b]!, kernel[a * n + b]!);
    addScaled(sums, signs[a]!, kernel[a * n + a]! / 2);
    for (let cell = 0; cell < cells; cell++)
      result[cell]! += (signs[a]![cell]! * sums[cell]!) / (n - 1) ** 2;
  }
  return result;
}

function addScaled(sums: Float64Array, values: Float32Array, factor: number): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += factor * values[i]!;
}

/** Computes H L H of the scores, n x n; undefined if they do not differ. */
function centeredKernel(scores: readonly number[]): Float64Array | undefined {
  const n = scores.length;
  const distances = scores.flatMap((score, i) =>
    scores.slice(0, i).map((other) => Math.abs(score - other)),
  );
  const different = Float64Array.from(distances.filter((distance) => distance > 0)).sort();
  if (different.length === 0) return undefined;
  const width = different[different.length >> 1]!;
  const kernel = new Float64Array(n * n);
  const means = new Float64Array(n);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      const value = Math.exp(-(((scores[a]! - scores[b]!) / width) ** 2) / 2);
      kernel[a * n + b] = value;
      means[a]! += value / n;
    }
  }
  const mean = means.reduce((sum, value) => sum + value, 0) / n;
  return kernel.map((value, i) => value - means[Math.floor(i / n)]! - means[i % n]! + mean);
}
