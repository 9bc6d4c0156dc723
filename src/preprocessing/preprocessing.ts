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
import { checkBoolean, checkChoice, checkOptions, checkTensor, outOfRange } from '../arguments.js';
import { toRgb } from './image.js';
import type { ImageInput } from './image.js';
import { checkInputSize, checkName, checkRange, checkScale, knownOptions } from './options.js';
import { meanPerChannel, stdPerChannel } from './options.js';
import type { PerChannel, PreprocessingOptions } from './options.js';
import { resize } from './resize.js';

/** How a model wants its images: plain data and two functions. Any object of this form will do. */
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
   * From an image to the model's input: float32 `[n, H, W, 3]`, n = 1 for an image without batch
   * dimension. The caller owns the result.
   */
  preprocess(image: ImageInput): Tensor4D;
  /**
   * Back from a model's input `[h, w, 3]` or `[n, h, w, 3]`, of any size, to an RGB image of the
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
  const caller = 'createPreprocessing';
  checkOptions(caller, options, knownOptions);
  const {
    inputSize,
    name = 'custom',
    channelOrder = 'rgb',
    scale = 1,
    mean = 0,
    std = 1,
    range = [0, 255],
    crop = 'none',
    alignCorners = false,
  } = options;
  checkInputSize(caller, inputSize);
  checkName(caller, name);
  checkChoice(caller, 'channelOrder', channelOrder, ['rgb', 'bgr']);
  checkScale(caller, scale);
  const means = meanPerChannel(caller, mean);
  const stds = stdPerChannel(caller, std);
  checkRange(caller, range);
  checkChoice(caller, 'crop', crop, ['none', 'center']);
  checkBoolean(caller, 'alignCorners', alignCorners);

  const [height, width] = inputSize;
  const [min, max] = range;
  const order = <T extends Tensor>(x: T): T => (channelOrder === 'bgr' ? reverse(x, -1) : x);

  function preprocess(image: ImageInput): Tensor4D {
    return tidy(() => {
      const rgb = resize(toRgb(`${name}.preprocess`, image), [height, width], crop, alignCorners);
      return div(sub(mul(order(rgb), scale), perChannel(means)), perChannel(stds));
    });
  }

  function deprocess(input: Tensor): Tensor {
    checkInput(`${name}.deprocess`, input);
    return tidy(() => {
      const rgb = div(add(mul(cast(input, 'float32'), perChannel(stds)), perChannel(means)), scale);
      return clipByValue(order(rgb), min, max);
    });
  }

  return {
    name,
    inputSize: [height, width],
    range: means.map((mean, channel) => [
      (min * scale - mean) / stds[channel]!,
      (max * scale - mean) / stds[channel]!,
    ]),
    // Copies, so that arrays the caller writes to later change nothing here.
    options: {
      name,
      inputSize: [height, width],
      channelOrder,
      scale,
      mean: means,
      std: stds,
      range: [min, max],
      crop,
      alignCorners,
    },
    preprocess,
    deprocess,
  };
}

/** `[3]`, to be broadcast along the last axis. */
function perChannel(values: PerChannel): Tensor1D {
  return tensor1d([...values]);
}

function checkInput(caller: string, input: unknown): asserts input is Tensor {
  checkTensor(caller, 'input', input);
  const { rank, shape } = input;
  if ((rank !== 3 && rank !== 4) || shape[rank - 1] !== 3) {
    throw outOfRange(caller, 'input', 'of shape [h, w, 3] or [n, h, w, 3]', input);
  }
}
