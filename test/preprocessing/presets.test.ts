/** Oracle: two pixels worked out by hand from each framework's published formula. */
import * as tf from '@tensorflow/tfjs-core';
import * as presets from '../../src/preprocessing/presets.js';
import { createPreprocessing } from '../../src/preprocessing/preprocessing.js';
import type { PreprocessingPreset } from '../../src/preprocessing/preprocessing.js';
import { describeOnWasm, expectNoLeak } from '../backends.js';

const rgb = [
  [10, 20, 30],
  [255, 0, 127.5],
];

interface Case {
  name: keyof typeof presets;
  size: [number, number];
  /** What `rgb` becomes. */
  pixels: number[][];
  range: [number, number][];
}

const caffe = {
  pixels: [
    [30 - 103.939, 20 - 116.779, 10 - 123.68],
    [127.5 - 103.939, 0 - 116.779, 255 - 123.68],
  ],
  range: [
    [-103.939, 151.061],
    [-116.779, 138.221],
    [-123.68, 131.32],
  ] as [number, number][],
};
const minusOneToOne = {
  pixels: [
    [-0.921568627, -0.843137255, -0.764705882],
    [1, -1, 0],
  ],
  range: same([-1, 1]),
};

const cases: Case[] = [
  { name: 'vgg16', size: [224, 224], ...caffe },
  { name: 'vgg19', size: [224, 224], ...caffe },
  { name: 'resnet50', size: [224, 224], ...caffe },
  { name: 'mobilenet', size: [224, 224], ...minusOneToOne },
  { name: 'mobilenetV2', size: [224, 224], ...minusOneToOne },
  { name: 'inceptionV3', size: [299, 299], ...minusOneToOne },
  { name: 'xception', size: [299, 299], ...minusOneToOne },
  { name: 'efficientnet', size: [224, 224], pixels: rgb, range: same([0, 255]) },
  {
    name: 'unit',
    size: [224, 224],
    pixels: [
      [0.0392156863, 0.0784313725, 0.117647059],
      [1, 0, 0.5],
    ],
    range: same([0, 1]),
  },
  {
    name: 'torch',
    size: [224, 224],
    // (10 / 255 - 0.485) / 0.229 = (0.0392156863 - 0.485) / 0.229 = -1.94665639, and so on.
    pixels: [
      [-1.94665639, -1.68557423, -1.28156863],
      [2.2489083, -2.03571429, 0.417777778],
    ],
    range: [
      [-2.11790393, 2.2489083],
      [-2.03571429, 2.42857143],
      [-1.80444444, 2.64],
    ],
  },
  {
    name: 'teachableMachine',
    size: [224, 224],
    pixels: [
      [10 / 127 - 1, 20 / 127 - 1, 30 / 127 - 1],
      [255 / 127 - 1, -1, 127.5 / 127 - 1],
    ],
    range: same([-1, 1.00787402]),
  },
];

test('every preset has its case here, except for gray', () => {
  const names = ['gray', ...cases.map(({ name }) => name)];
  expect(names.sort()).toEqual(Object.keys(presets).sort());
});

describe.each(cases)('$name', ({ name, size, range }) => {
  const preset = presets[name];

  test('is named, sized and ranged', () => {
    expect(preset.name).toBe(name);
    expect(preset.inputSize).toEqual(size);
    preset.range.forEach((ends, channel) => {
      ends.forEach((end, i) => expect(end).toBeCloseTo(range[channel]![i]!, 7));
    });
  });
});

test('20 % noise of vgg16 has a standard deviation of 51 in each channel', () => {
  for (const [min, max] of presets.vgg16.range) expect(0.2 * (max - min)).toBeCloseTo(51, 12);
});

describeOnWasm('presets', () => {
  // Along each row: the two pixels, black, white, and over again.
  const pattern = [...rgb, [0, 0, 0], [255, 255, 255]];
  const photo = ([height, width]: readonly [number, number]) => {
    const row = Array.from({ length: width }, (_, j) => pattern[j % 4]!);
    return tf.tidy(() => tf.tile(tf.tensor3d([row]), [height, 1, 1]));
  };

  test.each(cases)('$name: pixels, and back', ({ name, pixels, range }) => {
    const preset: PreprocessingPreset = presets[name];
    const [height, width] = preset.inputSize;
    const image = photo([height, width]);
    const input = preset.preprocess(image);
    expect(input.shape).toEqual([1, height, width, 3]);
    expect(input.dtype).toBe('float32');
    const black = range.map(([min]) => min);
    const white = range.map(([, max]) => max);
    const expected = [...pixels, black, white];
    const values = input.dataSync();
    const error = Array.from(values, (x, i) =>
      Math.abs(x - expected[(Math.floor(i / 3) % width) % 4]![i % 3]!),
    );
    // A float32 below 256 is right to 1.5e-5.
    expect(error.reduce((a, b) => Math.max(a, b))).toBeLessThan(2e-5);

    const back = preset.deprocess(input);
    expect(back.shape).toEqual(input.shape);
    const difference = tf.tidy(() => tf.max(tf.abs(tf.sub(back, image))).dataSync()[0]!);
    expect(difference).toBeLessThan(5e-5);
    tf.dispose([image, input, back]);
  });

  test.each(cases)('$name: frees all but its results', ({ name }) => {
    // Small, for speed on the cpu backend; the steps are the preset's.
    const preset = createPreprocessing({ ...presets[name].options, inputSize: [8, 8] });
    const [other, right] = [tf.ones([5, 7, 3], 'int32'), tf.ones([2, 8, 8, 3])];
    expectNoLeak(() => preset.preprocess(other));
    expectNoLeak(() => preset.preprocess(right));
    expectNoLeak(() => preset.deprocess(right));
    tf.dispose([other, right]);
  });

  test('deprocess clips to the image, and keeps rank and size', () => {
    const input = tf.tensor3d([[[-1000, 0, 1000]]]);
    const image = presets.vgg16.deprocess(input);
    expect(image.shape).toEqual([1, 1, 3]);
    // The input's B, G, R come back as R, G, B.
    [255, 116.779, 0].forEach((value, i) => expect(image.dataSync()[i]!).toBeCloseTo(value, 4));
    tf.dispose([input, image]);
  });
});

function same(ends: [number, number]): [number, number][] {
  return [ends, ends, ends];
}
