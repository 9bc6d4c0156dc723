import {
  add,
  cast,
  clipByValue,
  div,
  mul,
  reverse,
  sub,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { checkTensor, outOfRange } from '../checks.js';
import { inFunction } from '../inFunction.js';
import { toRgb } from './image.js';
import type { ImageInput } from './image.js';
import { readOptions } from './options.js';
import type { PerChannel, PreprocessingOptions } from './options.js';
import { resize } from './resize.js';

/** Describes how a model wants its images: plain data and two functions, in any object. */
export interface Preprocessing {
  /** How error messages call it. */
  readonly name: string;
  /** Height and width of the model's input, in pixels. */
  readonly inputSize: readonly [height: number, width: number];
  /**
   * Per channel of the model's input, in the model's order: the least and the greatest value an
   * image can have there.
   */
  readonly range: readonly (readonly [min: number, max: number])[];
  /**
   * Turns an image into the model's input: float32 `[n, H, W, 3]`, n = 1 for an image without batch
   * dimension. The caller owns the result.
   */
  preprocess(image: ImageInput): Tensor4D;
  /**
   * Turns a model's input `[h, w, 3]` or `[n, h, w, 3]`, of any size, back into an RGB image of the
   * same shape, float32, clipped to the image's range but not rounded. The caller owns the result.
   */
  deprocess(input: Tensor): Tensor;
}

/** A {@link Preprocessing} that carries its options, for making another from it. */
export interface PreprocessingPreset extends Preprocessing {
  /** Every option, defaults filled in. */
  readonly options: Readonly<Required<PreprocessingOptions>>;
}

/**
 * Makes a preprocessing: bilinear resize, then `(order(v) * scale - mean) / std` for the RGB values
 * v of the image.
 *
 * Resizing is without antialiasing, as `tf.image.resize` and Keras's Resizing layer do by default;
 * an image that has the input's size already is not resampled. Values are taken as they are:
 * nothing checks that they lie in `range`.
 *
 * @example
 * A preset for another input size, or resized as another framework does:
 * ```ts
 * const mobilenet96 = createPreprocessing({ ...mobilenet.options, inputSize: [96, 96] });
 * const forNsfwjs = createPreprocessing({ ...unit.options, alignCorners: true });
 * ```
 *
 * @throws TypeError for an unknown option or one of the wrong type, RangeError for a value that is
 * not allowed. The preprocessing's own functions throw the same for an image or input that is none
 * or has a wrong shape.
 */
export function createPreprocessing(options: PreprocessingOptions): PreprocessingPreset {
  const settings = inFunction('createPreprocessing', () => readOptions(options));
  const { name, inputSize, channelOrder, scale, mean, std, range, crop, alignCorners } = settings;
  const [min, max] = range;
  const order = <T extends Tensor>(x: T): T => (channelOrder === 'bgr' ? reverse(x, -1) : x);

  function preprocess(image: ImageInput): Tensor4D {
    return tidy(() => {
      const rgb = resize(toRgb(image), inputSize, crop, alignCorners);
      return div(sub(mul(order(rgb), scale), perChannel(mean)), perChannel(std));
    });
  }

  function deprocess(input: Tensor): Tensor {
    checkInput(input);
    return tidy(() => {
      const rgb = div(add(mul(cast(input, 'float32'), perChannel(std)), perChannel(mean)), scale);
      return clipByValue(order(rgb), min, max);
    });
  }

  return {
    name,
    inputSize,
    range: mean.map((m, channel) => [
      (min * scale - m) / std[channel]!,
      (max * scale - m) / std[channel]!,
    ]),
    options: settings,
    preprocess: (image) => inFunction(`${name}.preprocess`, () => preprocess(image)),
    deprocess: (input) => inFunction(`${name}.deprocess`, () => deprocess(input)),
  };
}

/** Makes a `[3]`, to be broadcast along the last axis. */
function perChannel(values: PerChannel): Tensor1D {
  return tensor1d([...values]);
}

function checkInput(input: unknown): asserts input is Tensor {
  checkTensor('input', input);
  const { rank, shape } = input;
  if ((rank !== 3 && rank !== 4) || shape[rank - 1] !== 3) {
    throw outOfRange('input', 'of shape [h, w, 3] or [n, h, w, 3]', input);
  }
}
