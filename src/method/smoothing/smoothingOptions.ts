/** The options of smoothing, their defaults and their checks. */
import { CHANNEL_METHODS } from '../../aggregation/aggregateChannels.js';
import type { ChannelMethod } from '../../aggregation/aggregateChannels.js';
import {
  checkBoolean,
  checkChoice,
  checkNonNegative,
  checkPositiveInteger,
  outOfRange,
} from '../../arguments.js';
import type { Preprocessing } from '../../preprocessing/preprocessing.js';
import { checkSeed, NOISES, SAMPLES, SEEDS } from './noise.js';
import type { Noise } from './noise.js';
import { STATISTICS } from './statistic.js';
import type { Statistic } from './statistic.js';

/** What smoothing adds to the options of the method it smooths. */
export interface SmoothingOptions {
  /** How many noisy samples. Default 50. */
  samples?: number | undefined;
  /**
   * The noise's standard deviation as a fraction of the input's range: the preset's range if there
   * is one, per channel, else max - min of each image. Default 0.15; the paper advises 0.1 to 0.2.
   */
  noiseLevel?: number | undefined;
  /** The noise's standard deviation in the model's own scale, instead of `noiseLevel`. */
  stdDev?: number | undefined;
  /** Gaussian, uniform of the same deviation, or your own function. Default `'gaussian'`. */
  noise?: Noise | undefined;
  /** A whole number from 0 to 2^32 - 1; the same seed gives the same map. Default: a random one. */
  seed?: number | undefined;
  /** What is computed over the samples. Default `'mean'`, which is SmoothGrad. */
  statistic?: Statistic | undefined;
  /**
   * A channel method applied to EACH sample, so that the result has no channel axis. Default: none.
   */
  aggregate?: ChannelMethod | undefined;
  /** Whether samples come in pairs of a noise and its negative. Default false. */
  antithetic?: boolean | undefined;
  /**
   * Whether 'argmax' is asked again for every noisy sample, as in the article this began with.
   * Default false.
   */
  perSampleArgmax?: boolean | undefined;
  /** Whether noisy inputs are clipped to the preset's range. Default false. */
  clip?: boolean | undefined;
}

export const SMOOTHING_OPTIONS = [
  'samples',
  'noiseLevel',
  'stdDev',
  'noise',
  'seed',
  'statistic',
  'aggregate',
  'antithetic',
  'perSampleArgmax',
  'clip',
];

/** The options with their defaults, checked. */
export type Smoothing = ReturnType<typeof checkSmoothing>;

export function checkSmoothing(
  caller: string,
  options: SmoothingOptions & { preprocess?: Preprocessing | undefined },
  classIndex: unknown,
) {
  const {
    samples = 50,
    noiseLevel = 0.15,
    stdDev,
    noise = 'gaussian',
    seed = Math.floor(Math.random() * SEEDS),
    statistic = 'mean',
    aggregate,
    antithetic = false,
    perSampleArgmax = false,
    clip = false,
    preprocess,
  } = options;
  checkPositiveInteger(caller, 'samples', samples);
  if (samples > SAMPLES) throw outOfRange(caller, 'samples', `at most ${SAMPLES}`, samples);
  checkNonNegative(caller, 'noiseLevel', noiseLevel);
  if (stdDev !== undefined) {
    checkNonNegative(caller, 'stdDev', stdDev);
    if (options.noiseLevel !== undefined) {
      throw new TypeError(`${caller}: stdDev must be given without noiseLevel, got both`);
    }
  }
  if (typeof noise !== 'function') checkChoice(caller, 'noise', noise, NOISES);
  checkSeed(caller, seed);
  checkChoice(caller, 'statistic', statistic, STATISTICS);
  if (aggregate !== undefined) checkChoice(caller, 'aggregate', aggregate, CHANNEL_METHODS);
  checkBoolean(caller, 'antithetic', antithetic);
  if (antithetic && samples % 2 === 1)
    throw outOfRange(caller, 'samples', 'even when antithetic', samples);
  checkBoolean(caller, 'perSampleArgmax', perSampleArgmax);
  if (perSampleArgmax && classIndex !== 'argmax') {
    throw outOfRange(caller, 'classIndex', "'argmax' when perSampleArgmax", classIndex);
  }
  checkBoolean(caller, 'clip', clip);
  if (clip && preprocess === undefined) {
    throw new TypeError(`${caller}: clip must be given with preprocess, whose range it clips to`);
  }
  return {
    samples,
    noiseLevel,
    stdDev,
    noise,
    seed,
    statistic,
    aggregate,
    antithetic,
    perSampleArgmax,
    clip,
    preprocess,
  };
}
