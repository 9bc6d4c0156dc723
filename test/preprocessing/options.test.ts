import * as tf from '@tensorflow/tfjs-core';
import { createPreprocessing } from '../../src/preprocessing/preprocessing.js';
import type { PreprocessingOptions } from '../../src/preprocessing/options.js';
import { mobilenet, vgg16 } from '../../src/preprocessing/presets.js';
import { describeOnEachBackend } from '../backends.js';

describe('createPreprocessing refuses', () => {
  const size = 'createPreprocessing: inputSize must be two positive integers [height, width]';
  const mean = 'createPreprocessing: mean must be a finite number or three of them';
  const std = 'createPreprocessing: std must be a positive number or three of them';
  const range = 'createPreprocessing: range must be two finite numbers [min, max] with min < max';
  const meanOfOne = 'createPreprocessing: mean must be a finite number or a list of one';
  const stdOfOne = 'createPreprocessing: std must be a positive number or a list of one';
  const weights =
    'createPreprocessing: weights must be three numbers >= 0 [red, green, blue] that add up to 1';
  const cases: [options: unknown, type: typeof Error, message: string][] = [
    [undefined, TypeError, 'createPreprocessing: options must be an object, got undefined'],
    [{}, TypeError, `${size}, got undefined`],
    [{ inputSize: 224 }, TypeError, `${size}, got 224`],
    [{ inputSize: ['224', '224'] }, TypeError, `${size}, got ['224', '224']`],
    [{ inputSize: [224] }, RangeError, `${size}, got [224]`],
    [{ inputSize: [224, 224, 3] }, RangeError, `${size}, got [224, 224, 3]`],
    [{ inputSize: [0, 224] }, RangeError, `${size}, got [0, 224]`],
    [{ inputSize: [224, 1.5] }, RangeError, `${size}, got [224, 1.5]`],
    [{ name: 5 }, TypeError, 'createPreprocessing: name must be a string, got 5'],
    [
      { channelOrder: 'BGR' },
      RangeError,
      "createPreprocessing: channelOrder must be one of 'rgb', 'bgr', got 'BGR'",
    ],
    [{ scale: '1' }, TypeError, "createPreprocessing: scale must be a positive number, got '1'"],
    [{ scale: 0 }, RangeError, 'createPreprocessing: scale must be a positive number, got 0'],
    [
      { scale: Infinity },
      RangeError,
      'createPreprocessing: scale must be a positive number, got Infinity',
    ],
    [{ mean: null }, TypeError, `${mean}, got null`],
    [{ mean: NaN }, RangeError, `${mean}, got NaN`],
    [{ mean: [1, 2] }, RangeError, `${mean}, got [1, 2]`],
    [{ mean: [1, 2, NaN] }, RangeError, `${mean}, got [1, 2, NaN]`],
    [{ mean: [1, 2, '3'] }, TypeError, `${mean}, got [1, 2, '3']`],
    [{ std: 0 }, RangeError, `${std}, got 0`],
    [{ std: [1, 0, 1] }, RangeError, `${std}, got [1, 0, 1]`],
    [{ std: [1, 1, 1, 1] }, RangeError, `${std}, got [1, 1, 1, 1]`],
    [{ std: 'big' }, TypeError, `${std}, got 'big'`],
    [{ range: 255 }, TypeError, `${range}, got 255`],
    [{ range: [255] }, RangeError, `${range}, got [255]`],
    [{ range: [1, 1] }, RangeError, `${range}, got [1, 1]`],
    [{ range: [255, 0] }, RangeError, `${range}, got [255, 0]`],
    [{ range: [0, Infinity] }, RangeError, `${range}, got [0, Infinity]`],
    [
      { crop: true },
      TypeError,
      "createPreprocessing: crop must be one of 'none', 'center', got true",
    ],
    [
      { crop: 'square' },
      RangeError,
      "createPreprocessing: crop must be one of 'none', 'center', got 'square'",
    ],
    [
      { alignCorners: 1 },
      TypeError,
      'createPreprocessing: alignCorners must be true or false, got 1',
    ],
    [
      { size: [2, 2] },
      TypeError,
      "createPreprocessing: unknown option 'size', known are inputSize, name, channels, weights, channelOrder, " +
        'scale, mean, std, range, crop, alignCorners',
    ],
    [{ channels: '1' }, TypeError, "createPreprocessing: channels must be 1 or 3, got '1'"],
    [{ channels: 4 }, RangeError, 'createPreprocessing: channels must be 1 or 3, got 4'],
    [
      { channels: 1, channelOrder: 'bgr' },
      RangeError,
      "createPreprocessing: channelOrder must be 'rgb' with channels: 1, which have no order, got 'bgr'",
    ],
    [{ channels: 1, mean: [1, 2, 3] }, RangeError, `${meanOfOne}, got [1, 2, 3]`],
    [{ channels: 1, std: [] }, RangeError, `${stdOfOne}, got []`],
    [{ channels: 1, std: 0 }, RangeError, `${stdOfOne}, got 0`],
    [
      { weights: [0.3, 0.6, 0.1] },
      RangeError,
      'createPreprocessing: weights must be left out unless channels is 1, got [0.3, 0.6, 0.1]',
    ],
    [{ channels: 1, weights: 'equal' }, TypeError, `${weights}, got 'equal'`],
    [{ channels: 1, weights: [1, 1, 1] }, RangeError, `${weights}, got [1, 1, 1]`],
    [{ channels: 1, weights: [0.5, 0.5] }, RangeError, `${weights}, got [0.5, 0.5]`],
    [{ channels: 1, weights: [1.5, -0.5, 0] }, RangeError, `${weights}, got [1.5, -0.5, 0]`],
    [{ channels: 1, weights: [1, 0, 0, 0] }, RangeError, `${weights}, got [1, 0, 0, 0]`],
    [{ channels: 1, weights: [NaN, 1, 0] }, RangeError, `${weights}, got [NaN, 1, 0]`],
    [{ means: 2 }, TypeError, "createPreprocessing: unknown option 'means', did you mean 'mean'?"],
  ];

  test.each(cases)('%j', (given, type, message) => {
    const isOtherOption =
      typeof given === 'object' && Object.keys(given as object).some((key) => key !== 'inputSize');
    const options = isOtherOption ? { inputSize: [2, 2], ...given } : given;
    const run = () => createPreprocessing(options as PreprocessingOptions);
    expect(run).toThrow(type);
    expect(run).toThrow(new Error(message));
  });
});

test('the arrays it is given stay the caller’s', () => {
  const [inputSize, mean, range]: [[number, number], [number, number, number], [number, number]] = [
    [4, 5],
    [1, 2, 3],
    [0, 1],
  ];
  const preset = createPreprocessing({ inputSize, mean, range });
  inputSize[0] = mean[0] = range[1] = 100;
  expect(preset.inputSize).toEqual([4, 5]);
  expect(preset.options).toMatchObject({ inputSize: [4, 5], mean: [1, 2, 3], range: [0, 1] });
  expect(preset.range[0]).toEqual([-1, 0]);
});

describeOnEachBackend('createPreprocessing', () => {
  const pixelOf = (options: Omit<PreprocessingOptions, 'inputSize'>, rgb: number[]) => {
    const input = tf.tidy(() =>
      createPreprocessing({ inputSize: [1, 1], ...options }).preprocess(tf.tensor3d([[rgb]])),
    );
    const values = Array.from(input.dataSync());
    input.dispose();
    return values;
  };

  test('changes nothing unless told to', () => {
    expect(pixelOf({}, [10, 20, 30])).toEqual([10, 20, 30]);
  });

  test('computes (order(rgb) * scale - mean) / std, mean and std in the order of the model', () => {
    const options = { channelOrder: 'bgr', scale: 2, mean: [10, 20, 30], std: [5, 4, 2] } as const;
    // B: (30 * 2 - 10) / 5, G: (20 * 2 - 20) / 4, R: (10 * 2 - 30) / 2.
    expect(pixelOf(options, [10, 20, 30])).toEqual([10, 5, -5]);
    expect(createPreprocessing({ inputSize: [1, 1], ...options }).range).toEqual([
      [-2, 100],
      [-5, 122.5],
      [-15, 240],
    ]);
  });

  test('images of floats in 0..1', () => {
    const options = { range: [0, 1], mean: 0.5, std: 0.25 } as const;
    expect(pixelOf(options, [0, 0.25, 1])).toEqual([-2, -1, 2]);
    const preset = createPreprocessing({ inputSize: [1, 1], ...options });
    expect(preset.range[2]).toEqual([-2, 2]);
    const image = tf.tidy(() => preset.deprocess(tf.tensor3d([[[-3, -1, 3]]])));
    expect(Array.from(image.dataSync())).toEqual([0, 0.25, 1]);
    image.dispose();
  });

  test('a preset makes another by its options', () => {
    const small = createPreprocessing({ ...mobilenet.options, inputSize: [96, 128] });
    expect(small.name).toBe('mobilenet');
    expect(small.range).toEqual(mobilenet.range);
    const input = tf.tidy(() => small.preprocess(tf.fill([10, 10, 3], 255) as tf.Tensor3D));
    expect(input.shape).toEqual([1, 96, 128, 3]);
    expect(Math.min(...input.dataSync())).toBe(1);
    input.dispose();

    expect(createPreprocessing(vgg16.options).options).toEqual(vgg16.options);
  });

  test('its functions may be taken off it', () => {
    const { preprocess, deprocess } = createPreprocessing({ inputSize: [1, 1], mean: 5 });
    const input = tf.tidy(() => deprocess(preprocess(tf.tensor3d([[[1, 2, 3]]]))));
    expect(Array.from(input.dataSync())).toEqual([1, 2, 3]);
    input.dispose();
  });
});
