/**
 * The noise of SmoothGrad.
 *
 * It depends on the seed and on the number of the sample only, not on the batch size or the
 * backend. All images of a batch get the same noise.
 */
import {
  max,
  min,
  mul,
  neg,
  randomNormal,
  randomUniform,
  reshape,
  sub,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkChoice, isTensor, wrongType } from '../checks.js';
import { toBeNamed } from '../inFunction.js';
import { canReadSync } from '../method/nonFinite.js';
import type { Preprocessing } from '../preprocessing/preprocessing.js';
import { SAMPLES } from '../seed.js';

export const NOISES = ['gaussian', 'uniform'] as const;

/**
 * Draws noise of mean 0 and standard deviation 1 for sample `sample`.
 * @returns a tensor of the shape of one input, which the library frees
 */
export type NoiseFunction = (shape: number[], sample: number) => Tensor;
export type Noise = (typeof NOISES)[number] | NoiseFunction;

export function checkNoise(argument: string, noise: unknown): asserts noise is Noise {
  if (typeof noise !== 'function') checkChoice(argument, noise, NOISES);
}

export interface NoiseSource {
  readonly noise: Noise;
  readonly seed: number;
  /** Whether samples come in pairs of a noise and its negative. */
  readonly antithetic: boolean;
}

/** Draws the noise of one sample, of deviation 1: a tensor of shape [1, ...inputShape]. */
export function noiseOf(source: NoiseSource, inputShape: number[], sample: number): Tensor {
  const { noise, seed, antithetic } = source;
  const draw = antithetic ? Math.floor(sample / 2) : sample;
  // Never 0, which tfjs takes as "no seed".
  const drawSeed = seed * SAMPLES + draw + 1;
  return tidy(() => {
    const drawn =
      typeof noise === 'function'
        ? fromFunction(noise, inputShape, draw)
        : namedNoise(noise, inputShape, drawSeed);
    return reshape(antithetic && sample % 2 === 1 ? neg(drawn) : drawn, [1, ...inputShape]);
  });
}

function namedNoise(noise: (typeof NOISES)[number], shape: number[], seed: number): Tensor {
  if (noise === 'gaussian') return randomNormal(shape, 0, 1, 'float32', seed);
  // Uniform on +-sqrt(3) has deviation 1.
  return randomUniform(shape, -Math.sqrt(3), Math.sqrt(3), 'float32', seed);
}

function fromFunction(noise: NoiseFunction, shape: number[], sample: number): Tensor {
  const drawn: unknown = noise([...shape], sample);
  if (!isTensor(drawn) || drawn.shape.join() !== shape.join()) {
    throw wrongType('the value of noise', `a tensor of shape [${shape.join(', ')}]`, drawn);
  }
  return drawn;
}

/**
 * Computes the noise's standard deviation in the model's scale, which broadcasts over x [n, ...].
 *
 * Of a preset, each channel has its range: [1, ..., c]. Else it is max - min of each image:
 * [n, 1, ...].
 * @throws RangeError for an image without range
 */
export function deviationOf(
  x: Tensor,
  noiseLevel: number,
  stdDev: number | undefined,
  preprocess: Preprocessing | undefined,
): Tensor {
  return tidy(() => {
    if (stdDev !== undefined) return tensor(stdDev);
    if (preprocess !== undefined) {
      const widths = preprocess.range.map(([least, greatest]) => noiseLevel * (greatest - least));
      return tensor(widths);
    }
    const axes = [...x.shape.keys()].slice(1);
    const range = sub(max(x, axes, true), min(x, axes, true));
    if (noiseLevel > 0 && canReadSync() && range.dataSync().some((width) => width === 0)) {
      throw toBeNamed(
        new RangeError(
          "noiseLevel must be a fraction of the input's range, and an input of equal numbers has " +
            'none; give stdDev instead',
        ),
      );
    }
    return mul(noiseLevel, range);
  });
}
