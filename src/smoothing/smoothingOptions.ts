/** The options of smoothing. */
import { CHANNEL_METHODS } from '../aggregation/aggregateChannels.js';
import type { ChannelMethod } from '../aggregation/aggregateChannels.js';
import {
  checkBoolean,
  checkChoice,
  checkNonNegative,
  checkPositiveInteger,
  outOfRange,
} from '../checks.js';
import { toBeNamed } from '../inFunction.js';
import { option, optional, optionMadeBy, readOptions, optionTable } from '../options.js';
import type { OptionsOf, ValuesOf } from '../options.js';
import { checkSeed, randomSeed, SAMPLES } from '../seed.js';
import { checkNoise } from './noise.js';
import type { Noise } from './noise.js';
import { STATISTICS } from './statistic.js';
import type { Statistic } from './statistic.js';

function checkSamples(argument: string, samples: unknown): asserts samples is number {
  checkPositiveInteger(argument, samples);
  if (samples > SAMPLES) throw outOfRange(argument, `at most ${SAMPLES}`, samples);
}

function checkStatistic(argument: string, statistic: unknown): asserts statistic is Statistic {
  checkChoice(argument, statistic, STATISTICS);
}

function checkAggregate(argument: string, aggregate: unknown): asserts aggregate is ChannelMethod {
  checkChoice(argument, aggregate, CHANNEL_METHODS);
}

/** What smoothing adds to the options of the method it smooths. */
export const smoothingOptions = /* @__PURE__ */ optionTable(() => ({
  /** How many noisy samples. Default 50. */
  samples: option<number>(checkSamples, 50),
  /**
   * The noise's standard deviation as a fraction of the input's range: the preset's range if there
   * is one, per channel, else max - min of each image. Default 0.15; the paper advises 0.1 to 0.2.
   */
  noiseLevel: option<number>(checkNonNegative, 0.15),
  /** The noise's standard deviation in the model's own scale, instead of `noiseLevel`. */
  stdDev: option<number | undefined>(optional(checkNonNegative), undefined),
  /** Gaussian, uniform of the same deviation, or your own function. Default `'gaussian'`. */
  noise: option<Noise>(checkNoise, 'gaussian'),
  /** A whole number from 0 to 2^32 - 1; the same seed gives the same map. Default: a random one. */
  seed: optionMadeBy<number>(checkSeed, randomSeed),
  /** What is computed over the samples. Default `'mean'`, which is SmoothGrad. */
  statistic: option<Statistic>(checkStatistic, 'mean'),
  /**
   * A channel method applied to EACH sample, so that the result has no channel axis. Default: none.
   */
  aggregate: option<ChannelMethod | undefined>(optional(checkAggregate), undefined),
  /** Whether samples come in pairs of a noise and its negative. Default false. */
  antithetic: option<boolean>(checkBoolean, false),
  /**
   * Whether 'argmax' is asked again for every noisy sample, as in the article this began with.
   * Default false.
   */
  perSampleArgmax: option<boolean>(checkBoolean, false),
  /** Whether noisy inputs are clipped to the preset's range. Default false. */
  clip: option<boolean>(checkBoolean, false),
}));

/**
 * Options that smoothing adds to those of the method it smooths.
 *
 * @interface
 */
export type SmoothingOptions = OptionsOf<typeof smoothingOptions>;

/** The options of one run, checked. */
export type Smoothing = ValuesOf<typeof smoothingOptions>;

/** Reads the options and checks what they demand of each other and of the other arguments. */
export function readSmoothing(
  options: SmoothingOptions & { readonly preprocess?: unknown },
  classIndex: unknown,
): Smoothing {
  const smoothing = readOptions(smoothingOptions, options);
  const { samples, stdDev, antithetic, perSampleArgmax, clip } = smoothing;
  if (stdDev !== undefined && options.noiseLevel !== undefined) {
    throw toBeNamed(new TypeError('stdDev must be given without noiseLevel, got both'));
  }
  if (antithetic && samples % 2 === 1) throw outOfRange('samples', 'even when antithetic', samples);
  if (perSampleArgmax && classIndex !== 'argmax') {
    throw outOfRange('classIndex', "'argmax' when perSampleArgmax", classIndex);
  }
  if (clip && options.preprocess === undefined) {
    throw toBeNamed(new TypeError('clip must be given with preprocess, whose range it clips to'));
  }
  return smoothing;
}
