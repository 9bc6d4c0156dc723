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
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { checkTensor, outOfRange } from '../checks.js';
import { inFunction } from '../inFunction.js';
import { toGray, toRgb } from './image.js';
import type { ImageInput } from './image.js';
import { perChannel, readOptions } from './options.js';
import type { PreprocessingOptions, PreprocessingSettings } from './options.js';
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
   * Turns an image into the model's input: float32 `[n, H, W, c]`, n = 1 for an image without batch
   * dimension. The caller owns the result.
   */
  preprocess(image: ImageInput): Tensor4D;
  /**
   * Turns a model's input back into an image, RGB or gray.
   *
   * From `[h, w, c]` or `[n, h, w, c]` of any size to float32 of the same shape, clipped to the
   * image's range but not rounded. The caller owns the result.
   */
  deprocess(input: Tensor): Tensor;
}

/** Carries its options beside a {@link Preprocessing}, for making another from it. */
export interface PreprocessingPreset extends Preprocessing {
  /** Every option, defaults filled in; `weights` only where there is one channel. */
  readonly options: PreprocessingSettings;
}

/**
 * Makes a preprocessing: bilinear resize, then `(order(v) * scale - mean) / std` for the RGB values
 * v of the image, or its gray values where the model has one channel.
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
 * const grayUnit = createPreprocessing({ ...unit.options, channels: 1 });
 * ```
 *
 * @throws TypeError for an unknown option or one of the wrong type, RangeError for a value that is
 * not allowed. The preprocessing's own functions throw the same for an image or input that is none
 * or has a wrong shape.
 */
export function createPreprocessing(options: PreprocessingOptions): PreprocessingPreset {
  const settings = inFunction('createPreprocessing', () => readOptions(options));
  const { name, inputSize, channels, weights, channelOrder, scale, crop, alignCorners } = settings;
  const mean = perChannel(settings.mean, channels);
  const std = perChannel(settings.std, channels);
  const [min, max] = settings.range;
  const read = (image: ImageInput): Tensor4D =>
    weights === undefined ? toRgb(image) : toGray(image, weights);
  const order = <T extends Tensor>(x: T): T => (channelOrder === 'bgr' ? reverse(x, -1) : x);

  function preprocess(image: ImageInput): Tensor4D {
    return tidy(() => {
      const pixels = resize(read(image), inputSize, crop, alignCorners);
      return div(sub(mul(order(pixels), scale), tensor1d([...mean])), tensor1d([...std]));
    });
  }

  function deprocess(input: Tensor): Tensor {
    checkInput(input, channels);
    return tidy(() => {
      const scaled = add(mul(cast(input, 'float32'), tensor1d([...std])), tensor1d([...mean]));
      return clipByValue(order(div(scaled, scale)), min, max);
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

function checkInput(input: unknown, channels: number): asserts input is Tensor {
  checkTensor('input', input);
  const { rank, shape } = input;
  if ((rank !== 3 && rank !== 4) || shape[rank - 1] !== channels) {
    throw outOfRange('input', `of shape [h, w, ${channels}] or [n, h, w, ${channels}]`, input);
  }
}
