/** Oracle: the luma of Rec. 601 by hand, and the integer formula of Pillow's `convert('L')`. */
import * as tf from '@tensorflow/tfjs-core';
import { createPreprocessing } from '../../src/preprocessing/preprocessing.js';
import type { PreprocessingOptions } from '../../src/preprocessing/options.js';
import { gray, teachableMachine, unit } from '../../src/preprocessing/presets.js';
import { vanillaGradient } from '../../src/method/vanillaGradient.js';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';

/** Values of a photo of one row, as a model of one channel gets them. */
function inputOf(options: Omit<PreprocessingOptions, 'inputSize'>, pixels: number[][]): number[] {
  const image = tf.tensor3d([pixels]);
  const preset = createPreprocessing({ channels: 1, ...options, inputSize: [1, pixels.length] });
  const input = preset.preprocess(image);
  expect(input.shape).toEqual([1, 1, pixels.length, 1]);
  expect(input.dtype).toBe('float32');
  const values = Array.from(input.dataSync());
  tf.dispose([image, input]);
  return values;
}

function expectValues(values: ArrayLike<number>, expected: number[]): void {
  expect(values.length).toBe(expected.length);
  expected.forEach((value, i) => expect(values[i]!).toBeCloseTo(value, 4));
}

/** Pillow's `L = (R * 19595 + G * 38470 + B * 7471 + 0x8000) >> 16`, whole numbers. */
const pillow = ([r = 0, g = 0, b = 0]: number[]) =>
  (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16;

describeOnEachBackend('channels: 1', () => {
  test('red, green, blue and white', () => {
    const colours = [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [255, 255, 255],
      [10, 20, 30],
    ];
    // 10 * 0.299 + 20 * 0.587 + 30 * 0.114 = 18.15
    expectValues(inputOf({}, colours), [76.245, 149.685, 29.07, 255, 18.15]);
  });

  test('a thousand colours are what Pillow rounds to a byte', () => {
    const colours = Array.from({ length: 1000 }, (_, i) => [i * 37, i * 91 + 7, i * 53 + 100]);
    const bytes = colours.map((colour) => colour.map((value) => value % 256));
    const values = inputOf({}, bytes);
    bytes.forEach((colour, i) =>
      expect(Math.abs(values[i]! - pillow(colour))).toBeLessThanOrEqual(0.502),
    );
  });

  test('weights of your own, then scale, mean and std of the one channel', () => {
    const options = { weights: [0.5, 0.25, 0.25], scale: 2, mean: [10], std: [4] } as const;
    // 100 * 0.5 + 20 * 0.25 + 40 * 0.25 = 65; (65 * 2 - 10) / 4 = 30
    expectValues(inputOf(options, [[100, 20, 40]]), [30]);
    const preset = createPreprocessing({ inputSize: [1, 1], channels: 1, ...options });
    expect(preset.range).toEqual([[-2.5, 125]]);
    expect(createPreprocessing(preset.options).options).toEqual(preset.options);
  });

  test('what is gray already stays as it is, in each form', () => {
    const values = [0, 50, 100, 150, 200, 250];
    const preset = createPreprocessing({ inputSize: [2, 3], channels: 1 });
    const inputs = tf.tidy(() => [
      preset.preprocess(tf.tensor3d(values, [2, 3, 1])),
      preset.preprocess(tf.tensor4d(values, [1, 2, 3, 1], 'int32')),
      preset.preprocess({ width: 3, height: 2, data: Uint8Array.from(values) }),
    ]);
    for (const input of inputs) expect(Array.from(input.dataSync())).toEqual(values);
    tf.dispose(inputs);
  });

  test('of RGBA the alpha is dropped, and a batch keeps its images apart', () => {
    const preset = createPreprocessing({ inputSize: [1, 2], channels: 1 });
    const rgba = [10, 20, 30, 0, 255, 0, 0, 9];
    const batch = tf.tensor4d([...rgba, ...rgba.map((value) => value / 2)], [2, 1, 2, 4]);
    const inputs = [preset.preprocess({ width: 2, height: 1, data: rgba })];
    inputs.push(preset.preprocess(batch));
    expectValues(inputs[0]!.dataSync(), [18.15, 76.245]);
    expectValues(inputs[1]!.dataSync(), [18.15, 76.245, 9.075, 38.1225]);
    tf.dispose([batch, ...inputs]);
  });

  test('resizing commutes with the weights', () => {
    const photo = tf.randomUniform([9, 13, 3], 0, 255, 'float32', 5) as tf.Tensor3D;
    const options = { inputSize: [5, 7], crop: 'center' } as const;
    const difference = tf.tidy(() => {
      const colours = createPreprocessing(options).preprocess(photo);
      const expected = tf.sum(tf.mul(colours, [0.299, 0.587, 0.114]), -1, true);
      const grays = createPreprocessing({ ...options, channels: 1 }).preprocess(photo);
      return tf.max(tf.abs(tf.sub(grays, expected))).dataSync()[0]!;
    });
    expect(difference).toBeLessThan(1e-3);
    photo.dispose();
  });

  test('deprocess gives the gray image back, clipped', () => {
    const input = tf.tensor3d([[[-1], [0.5], [2]]]);
    const image = gray.deprocess(input);
    expect(image.shape).toEqual([1, 3, 1]);
    expect(Array.from(image.dataSync())).toEqual([0, 127.5, 255]);
    tf.dispose([input, image]);
  });

  test('the preset gray: 28 x 28 in 0..1', () => {
    expect(gray.inputSize).toEqual([28, 28]);
    expect(gray.range).toEqual([[0, 1]]);
    const photo = tf.fill([50, 40, 3], 51) as tf.Tensor3D;
    const input = gray.preprocess(photo);
    expect(input.shape).toEqual([1, 28, 28, 1]);
    for (const value of input.dataSync()) expect(value).toBeCloseTo(0.2, 6);
    tf.dispose([photo, input]);
  });

  test('presets of three channels make gray ones', () => {
    for (const { options } of [unit, teachableMachine]) {
      const preset = createPreprocessing({ ...options, channels: 1, inputSize: [1, 1] });
      const input = preset.preprocess({ width: 1, height: 1, data: [254, 254, 254] });
      expect(input.dataSync()[0]!).toBeCloseTo(options === unit.options ? 254 / 255 : 1, 5);
      input.dispose();
    }
  });

  test('the gradient of a model of one channel has the shape of its input', () => {
    const weights = tf.randomNormal([28 * 28, 2], 0, 1, 'float32', 1) as tf.Tensor2D;
    const model = (x: tf.Tensor) => tf.matMul(tf.reshape(x, [-1, 28 * 28]), weights);
    const photo = tf.randomUniform([28, 28, 3], 0, 255, 'float32', 2) as tf.Tensor3D;
    const map = vanillaGradient(model, photo, 1, { preprocess: gray, score: 'output' });
    expect(map.shape).toEqual([28, 28, 1]);
    const expected = tf.tidy(() => tf.slice(weights, [0, 1], [-1, 1]).dataSync());
    expectValues(map.dataSync(), [...expected]);
    tf.dispose([weights, photo, map]);
  });

  test('frees all but its results', () => {
    const photo = tf.ones([5, 7, 3]) as tf.Tensor3D;
    const input = tf.ones([2, 28, 28, 1]);
    expectNoLeak(() => gray.preprocess(photo));
    expectNoLeak(() => gray.preprocess(input));
    expectNoLeak(() => gray.deprocess(input));
    tf.dispose([photo, input]);
  });
});

test('deprocess refuses inputs of three channels', () => {
  const input = tf.ones([2, 3, 3]);
  expect(() => gray.deprocess(input)).toThrow(
    new RangeError(
      'gray.deprocess: input must be of shape [h, w, 1] or [n, h, w, 1], got a tensor of shape [2, 3, 3]',
    ),
  );
  input.dispose();
});
