import {
  concat,
  dispose,
  keep,
  mul,
  reshape,
  stack,
  sub,
  sum,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkBoolean, checkChoice, checkNonNegative, checkPositiveInteger } from '../checks.js';
import type { AttributionOptions } from '../method/attributionOptions.js';
import type { Baseline } from '../method/baseline.js';
import { checkBaseline } from '../method/baseline.js';
import type { Context } from '../method/context.js';
import { option, optional, optionTable } from '../options.js';
import type { OptionsOf, ValuesOf } from '../options.js';
import { uniformNumbers } from '../random/uniform.js';
import type { Task } from '../run/task.js';
import { checkSeed } from '../seed.js';
import { deviationOf, NoiseSampler } from '../smoothing/noise.js';
import { meanOf, standardErrorOf } from './correlation.js';
import { defineMetric } from './defineMetric.js';
import type { Measurement, MetricResult, Subject } from './defineMetric.js';
import { placesOf } from './mapNumbers.js';
import { attributionTensor, changesOfScore } from './changes.js';
import { metricBaseline } from './replacement.js';

const PERTURBATIONS = ['noise', 'squares'] as const;
type Perturbation = (typeof PERTURBATIONS)[number];

function checkPerturbation(
  argument: string,
  perturbation: unknown,
): asserts perturbation is Perturbation {
  checkChoice(argument, perturbation, PERTURBATIONS);
}

const infidelityOptions = /* @__PURE__ */ optionTable(() => ({
  /** How many changed inputs. Default 50. */
  samples: option<number>(checkPositiveInteger, 50),
  /**
   * What is taken from the input: Gaussian `'noise'`, the default, or in `'squares'` its
   * difference from the baseline.
   */
  perturbation: option<Perturbation>(checkPerturbation, 'noise'),
  /** The noise's deviation as a fraction of the input's range, as for smoothing. Default 0.1. */
  noiseLevel: option<number>(checkNonNegative, 0.1),
  /** The noise's deviation in the model's scale, instead of `noiseLevel`. */
  stdDev: option<number | undefined>(optional(checkNonNegative), undefined),
  /** What squares are replaced by. Default: `'blur'` for an image, else 0. */
  baseline: option<Baseline | undefined>(optional(checkBaseline), undefined),
  /**
   * Whether the map is scaled first by the factor that makes its infidelity least, for maps that
   * are not in units of the score. Default false.
   */
  normalize: option<boolean>(checkBoolean, false),
  /** Draws the noise or the squares. Default 0. */
  seed: option<number>(checkSeed, 0),
}));

/**
 * Options of {@link infidelity}.
 *
 * @interface
 */
export type InfidelityOptions = OptionsOf<typeof infidelityOptions> & AttributionOptions;

export interface InfidelityResult extends MetricResult {
  /** In squares of the score's units. */
  readonly score: number;
  /** Of the mean over the samples. */
  readonly standardError: number;
}

/**
 * Measures how far the map predicts the changes of the score: E[(I . map - (f(x) - f(x - I)))^2].
 *
 * A lower score tells the better map. It suits gradients, in score per unit of the input. A map of
 * one number a pixel counts for each of its channels. Costs samples + 1 forward passes.
 *
 * Source: Yeh et al.: On the (In)fidelity and Sensitivity of Explanations,
 * https://arxiv.org/abs/1901.09392
 *
 * @function
 */
export const infidelity = /* @__PURE__ */ defineMetric({
  name: 'infidelity',
  better: 'lower',
  options: infidelityOptions,
  takesChannels: true,
  inputs: ({ samples }) => samples + 1,
  measure: measureInfidelity,
});

type Options = ValuesOf<typeof infidelityOptions>;

function* measureInfidelity(
  context: Context,
  { map }: Subject,
  options: Options,
): Task<Measurement<InfidelityResult>> {
  const { samples, normalize } = options;
  const attribution = attributionTensor(map, context);
  const made = [attribution];
  try {
    const scale = yield* scaleOf(context, options);
    made.push(scale);
    const values = yield* changesOfScore(context, samples, (first, size) => {
      const taken = perturbations(context, options, scale, first, size);
      const predicted = sum(reshape(mul(taken, attribution), [size, -1]), 1);
      return { rows: sub(context.input, taken), predicted };
    });
    return { values, resultOf: (found) => resultOf(found, samples, normalize) };
  } finally {
    dispose(made);
  }
}

/** What noise or masks are multiplied by: the deviation, or the difference from the baseline. */
function* scaleOf(
  context: Context,
  { perturbation, noiseLevel, stdDev, ...rest }: Options,
): Task<Tensor> {
  const { input, preprocess } = context;
  if (perturbation === 'noise')
    return keep(tidy(() => deviationOf(input, noiseLevel, stdDev, preprocess)));
  const baseline = yield* metricBaseline(rest.baseline, rest.seed, context);
  try {
    return keep(sub(input, baseline));
  } finally {
    baseline.dispose();
  }
}

/** Makes what is taken from the input for samples `first` to `first + size - 1`: [size, ...]. */
function perturbations(
  { input }: Context,
  { perturbation, seed }: Options,
  scale: Tensor,
  first: number,
  size: number,
): Tensor {
  const [, ...shape] = input.shape;
  const samples = Array.from({ length: size }, (_, i) => first + i);
  if (perturbation === 'squares') return mul(squares(input.shape, seed, samples), scale);
  const noise = new NoiseSampler({ noise: 'gaussian', seed, antithetic: false }, shape);
  return mul(concat(samples.map((sample) => noise.draw(sample))), scale);
}

/** Masks of a square at a random place, of a random side up to half of the shorter one. */
function squares(shape: readonly number[], seed: number, samples: readonly number[]): Tensor {
  const places = placesOf(shape);
  const [height, width = 1] = places.shape.length === 2 ? places.shape : [1, places.count];
  const masks = samples.map((sample) => {
    const uniform = uniformNumbers(seed, sample);
    const side = 1 + Math.floor((uniform() * Math.max(height!, width)) / 2);
    const [rows, columns] = [Math.min(side, height!), Math.min(side, width)];
    const top = Math.floor(uniform() * (height! - rows + 1));
    const left = Math.floor(uniform() * (width - columns + 1));
    const mask = new Float32Array(height! * width);
    for (let y = top; y < top + rows; y++)
      mask.fill(1, y * width + left, y * width + left + columns);
    return tensor(mask, places.shape.length === 2 ? [...places.shape, 1] : [...places.shape]);
  });
  return stack(masks);
}

/** @param found samples predicted changes, then as many changes of the score */
function resultOf(found: Float32Array, samples: number, normalize: boolean): InfidelityResult {
  const [predicted, changes] = [found.subarray(0, samples), found.subarray(samples)];
  const factor = normalize ? bestFactor(predicted, changes) : 1;
  const errors = changes.map((change, i) => (factor * predicted[i]! - change) ** 2);
  return { score: meanOf(errors), standardError: standardErrorOf(errors) };
}

/** Finds the factor of the prediction that makes the sum of squared errors least. */
function bestFactor(predicted: Float32Array, changes: Float32Array): number {
  let [products, squared] = [0, 0];
  predicted.forEach((value, i) => {
    products += value * changes[i]!;
    squared += value * value;
  });
  return squared === 0 ? 0 : products / squared;
}
