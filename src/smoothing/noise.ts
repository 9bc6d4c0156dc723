/**
 * The noise of SmoothGrad.
 *
 * It depends on the seed and on the number of the sample only, not on the batch size or the
 * backend. All images of a batch get the same noise.
 */
import {
  getBackend,
  max,
  min,
  mul,
  neg,
  reshape,
  sub,
  tensor,
  tidy,
  util,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkChoice, isTensor, wrongType } from '../checks.js';
import { toBeNamed } from '../inFunction.js';
import { canReadSync } from '../method/nonFinite.js';
import type { Preprocessing } from '../preprocessing/preprocessing.js';
import { fillGaussian } from '../random/gaussian.js';
import { fillUniform, Random } from '../random/random.js';

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

/** Draws the noise of the samples of one run. */
export class NoiseSampler {
  private numbers: Float32Array | undefined;

  /** @param inputShape of one input, without a batch's dimension */
  constructor(
    private readonly source: NoiseSource,
    private readonly inputShape: number[],
  ) {}

  /** Draws the noise of one sample, of deviation 1: a tensor of shape [1, ...inputShape]. */
  draw(sample: number): Tensor {
    const { noise, antithetic } = this.source;
    const draw = antithetic ? Math.floor(sample / 2) : sample;
    return tidy(() => {
      const drawn =
        typeof noise === 'function'
          ? this.callFunction(noise, draw)
          : tensor(this.fill(noise, draw), this.inputShape);
      const signed = antithetic && sample % 2 === 1 ? neg(drawn) : drawn;
      return reshape(signed, [1, ...this.inputShape]);
    });
  }

  private fill(noise: (typeof NOISES)[number], draw: number): Float32Array {
    const numbers = this.emptyNumbers();
    const random = new Random(this.source.seed, draw);
    if (noise === 'gaussian') fillGaussian(numbers, random);
    // Uniform on +-sqrt(3) has deviation 1.
    else fillUniform(numbers, random, Math.sqrt(3));
    return numbers;
  }

  /** Allocates an array, where the backend would keep the last one as its own. */
  private emptyNumbers(): Float32Array {
    const size = util.sizeFromShape(this.inputShape);
    if (getBackend() !== 'wasm') return new Float32Array(size);
    // Wasm copies the numbers; new memory takes longer than they do.
    return (this.numbers ??= new Float32Array(size));
  }

  private callFunction(noise: NoiseFunction, sample: number): Tensor {
    const drawn: unknown = noise([...this.inputShape], sample);
    if (!isTensor(drawn) || drawn.shape.join() !== this.inputShape.join()) {
      const expected = `a tensor of shape [${this.inputShape.join(', ')}]`;
      throw wrongType('the value of noise', expected, drawn);
    }
    return drawn;
  }
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
