/** The options of smoothing, and one run of it: a noisy mean around a gradient, chunk of samples by chunk. */
import { add, maximum, minimum, mul, reshape, stack, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { aggregateChannels, CHANNEL_METHODS } from '../aggregation/aggregateChannels.js';
import type { ChannelMethod } from '../aggregation/aggregateChannels.js';
import { checkBoolean, checkChoice, checkNonNegative, checkPositiveInteger, outOfRange } from '../arguments.js';
import type { Preprocessing } from '../preprocessing/preprocessing.js';
import { ATTRIBUTION_OPTIONS } from './arguments.js';
import type { AttributionOptions, Subject } from './arguments.js';
import { deviationOf, NOISES, noiseOf, SAMPLES, SEEDS } from './noise.js';
import type { Noise } from './noise.js';
import { RunningStatistic, STATISTICS } from './statistic.js';
import type { Statistic } from './statistic.js';

export interface SmoothGradOptions extends AttributionOptions {
  /** How many noisy samples. Default 50. */
  samples?: number;
  /**
   * The noise's standard deviation as a fraction of the input's range: the preset's range if there is one, per channel,
   * else max - min of each image. Default 0.15; the paper advises 0.1 to 0.2.
   */
  noiseLevel?: number;
  /** The noise's standard deviation in the model's own scale, instead of `noiseLevel`. */
  stdDev?: number | undefined;
  /** Gaussian, uniform of the same deviation, or your own function. Default `'gaussian'`. */
  noise?: Noise;
  /** A whole number from 0 to 2^32 - 1; the same seed gives the same map. Default: a random one. */
  seed?: number;
  /** What is computed over the samples. Default `'mean'`, which is SmoothGrad. */
  statistic?: Statistic;
  /** A channel method applied to EACH sample, so that the result has no channel axis. Default: none. */
  aggregate?: ChannelMethod | undefined;
  /** Whether samples come in pairs of a noise and its negative. Default false. */
  antithetic?: boolean;
  /** Whether 'argmax' is asked again for every noisy sample, as in the article this began with. Default false. */
  perSampleArgmax?: boolean;
  /** Whether noisy inputs are clipped to the preset's range. Default false. */
  clip?: boolean;
}

export const SMOOTHGRAD_OPTIONS = [
  ...ATTRIBUTION_OPTIONS,
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
export interface Smoothing {
  readonly samples: number;
  readonly noiseLevel: number;
  readonly stdDev: number | undefined;
  readonly noise: Noise;
  readonly seed: number;
  readonly statistic: Statistic;
  readonly aggregate: ChannelMethod | undefined;
  readonly antithetic: boolean;
  readonly perSampleArgmax: boolean;
  readonly clip: boolean;
  readonly preprocess: Preprocessing | undefined;
}

export function checkSmoothing(caller: string, options: SmoothGradOptions, classIndex: unknown): Smoothing {
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
  if (!Number.isInteger(seed) || seed < 0 || seed >= SEEDS) {
    throw outOfRange(caller, 'seed', 'an integer from 0 to 4294967295', seed);
  }
  checkChoice(caller, 'statistic', statistic, STATISTICS);
  if (aggregate !== undefined) checkChoice(caller, 'aggregate', aggregate, CHANNEL_METHODS);
  checkBoolean(caller, 'antithetic', antithetic);
  if (antithetic && samples % 2 === 1) throw outOfRange(caller, 'samples', 'even when antithetic', samples);
  checkBoolean(caller, 'perSampleArgmax', perSampleArgmax);
  if (perSampleArgmax && classIndex !== 'argmax') {
    throw outOfRange(caller, 'classIndex', "'argmax' when perSampleArgmax", classIndex);
  }
  checkBoolean(caller, 'clip', clip);
  if (clip && preprocess === undefined) {
    throw new TypeError(`${caller}: clip must be given with preprocess, whose range it clips to`);
  }
  return { samples, noiseLevel, stdDev, noise, seed, statistic, aggregate, antithetic, perSampleArgmax, clip, preprocess }; // prettier-ignore
}

/** A run of smoothing over a subject. */
export class SmoothingRun {
  private readonly deviation: Tensor;
  private readonly statistic: RunningStatistic;
  private done = 0;

  constructor(
    private readonly caller: string,
    private readonly subject: Subject,
    private readonly smoothing: Smoothing,
  ) {
    const { noiseLevel, stdDev, preprocess, statistic, perSampleArgmax } = smoothing;
    this.statistic = new RunningStatistic(statistic);
    this.deviation = deviationOf(caller, subject.x, noiseLevel, stdDev, preprocess);
    try {
      if (!perSampleArgmax) subject.gradient.fixTarget(subject.x);
    } catch (error) {
      this.deviation.dispose();
      throw error;
    }
  }

  /** Computes the next samples, as many as fit into one pass; returns how many there are in all. */
  next(atMost = Infinity): number {
    const { samples } = this.smoothing;
    const { batchSize, images } = this.subject;
    const fitting = Math.max(1, Math.floor(batchSize / images));
    const count = Math.min(fitting, samples - this.done, atMost);
    tidy(() => this.statistic.add(this.attributions(count)));
    this.done += count;
    return this.done;
  }

  /** The attributions of the next `count` samples: [count, n, ...]. */
  private attributions(count: number): Tensor {
    const { x, images, gradient } = this.subject;
    const noisy = Array.from({ length: count }, (_, i) => this.noisyInput(this.done + i));
    const gradients = gradient.of(reshape(stack(noisy), [count * images, ...x.shape.slice(1)]));
    const { aggregate } = this.smoothing;
    const each = aggregate === undefined ? gradients : aggregateChannels(gradients, aggregate);
    return reshape(each, [count, images, ...each.shape.slice(1)]);
  }

  private noisyInput(sample: number): Tensor {
    const { clip, preprocess } = this.smoothing;
    const noise = noiseOf(this.caller, this.smoothing, this.subject.x.shape.slice(1), sample);
    const noisy = add(this.subject.x, mul(noise, this.deviation));
    if (!clip || preprocess === undefined) return noisy;
    const bound = (end: 0 | 1): Tensor => tensor(preprocess.range.map((range) => range[end]));
    return minimum(maximum(noisy, bound(0)), bound(1));
  }

  /** The map so far, [n, ...]; the caller owns it. */
  map(): Tensor {
    return this.statistic.value();
  }

  dispose(): void {
    this.deviation.dispose();
    this.statistic.dispose();
  }
}
