import { checkNonNegative } from '../checks.js';
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

/** Of the kernel over the cosine distance, as in the authors' package. */
const KERNEL_WIDTH = 0.25;

const limeOptions = /* @__PURE__ */ optionTable(() => ({
  ...samplingOptions(1000),
  /** What is kept or hidden as a whole: about how many superpixels, or a label map. Default 50. */
  segments: option<Segments>(checkSegments, 50),
  /** The penalty on the squares of the coefficients. Default 0. */
  ridge: option<number>(checkNonNegative, 0),
}));

/**
 * Options of {@link lime}.
 *
 * @interface
 */
export type LimeOptions = OptionsOf<typeof limeOptions> & AttributionOptions;

/**
 * Fits a linear model of which segments are there to the score, close to the whole image.
 *
 * Each pixel gets its segment's coefficient. Every segment is kept with probability 1/2, in pairs
 * of a coalition and its complement; samples are weighted by exp(-d^2 / 0.25^2)^(1/2) with d the
 * cosine distance from the whole image, which is among them. `score` is `'output'` by default. It
 * needs no gradient; costs `samples` + 2 forward passes. Returns [h, w, 1] for an image, else the
 * input's shape. Arguments and errors are otherwise those of {@link vanillaGradient}; the
 * asynchronous forms take asynchronous models too.
 *
 * Source: Ribeiro, Singh, Guestrin: "Why Should I Trust You?", https://arxiv.org/abs/1602.04938
 *
 * @function
 */
export const lime: SampledAttribution<LimeOptions, AnyModel> = /* @__PURE__ */ defineSampling({
  name: 'lime',
  group: 'blackBox',
  options: limeOptions,
  defaults: { score: 'output' },
  open: (context, rows, { samples, seed, baseline, segments, ridge }) =>
    segmentSampler(context, rows, {
      baseline,
      seed,
      segments,
      coalitionsOf: (count) =>
        coalitionsOf({
          segments: count,
          samples,
          seed,
          withEnds: true,
          drawSize: (random) => coinTosses(count, random),
        }),
      attribute: (drawn) => coefficients(drawn, ridge),
    }),
});

/** Draws the number of heads of fair coins. */
function coinTosses(count: number, random: () => number): number {
  let heads = 0;
  for (let i = 0; i < count; i++) if (random() < 0.5) heads++;
  return heads;
}

function proximity(segments: number, size: number): number {
  const distance = 1 - Math.sqrt(size / segments);
  return Math.exp(-((distance / KERNEL_WIDTH) ** 2) / 2);
}

/** Fits the weighted regression with an intercept, which is not penalised. */
function coefficients(samples: RowSamples, ridge: number): readonly Float64Array[] {
  const { segments, isEverySubset, scores, whole } = samples;
  const isWholeMissing = !isEverySubset;
  const coalitions = [
    ...samples.coalitions,
    ...(isWholeMissing ? [new Uint8Array(segments).fill(1)] : []),
  ];
  const weights = coalitions.map((coalition) => proximity(segments, sizeOf(coalition)));
  const targets = scores.map((ofClass, c) => [...ofClass, ...(isWholeMissing ? [whole[c]!] : [])]);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const meanOf = (value: (sample: number) => number): number =>
    weights.reduce((sum, weight, sample) => sum + weight * value(sample), 0) / total;
  const centers = Float64Array.from({ length: segments }, (_, i) =>
    meanOf((sample) => coalitions[sample]![i]!),
  );
  const { matrix, sides } = normalEquations(
    {
      rows: coalitions.map((coalition) => centers.map((center, i) => coalition[i]! - center)),
      weights,
      targets: targets.map((target) => {
        const center = meanOf((sample) => target[sample]!);
        return target.map((value) => value - center);
      }),
    },
    segments,
  );
  for (let i = 0; i < segments; i++) matrix[i * segments + i]! += ridge;
  return solve(matrix, sides);
}
