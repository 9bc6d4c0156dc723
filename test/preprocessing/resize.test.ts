/** Oracle: bilinear interpolation in plain JavaScript, in double precision, from its definition. */
import * as tf from '@tensorflow/tfjs-core';
import { createPreprocessing } from '../../src/preprocessing/preprocessing.js';
import { teachableMachine, vgg16 } from '../../src/preprocessing/presets.js';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';

type Size = [height: number, width: number];

/**
 * Value of a gray image at a point; outside of the pixels' centres the nearest row or column goes
 * on.
 */
function sample(image: number[][], y: number, x: number): number {
  const row = Math.min(Math.max(y, 0), image.length - 1);
  const column = Math.min(Math.max(x, 0), image[0]!.length - 1);
  const [top, left] = [Math.floor(row), Math.floor(column)];
  const bottom = Math.min(top + 1, image.length - 1);
  const right = Math.min(left + 1, image[0]!.length - 1);
  const [down, along] = [row - top, column - left];
  const upper = image[top]![left]! * (1 - along) + image[top]![right]! * along;
  const lower = image[bottom]![left]! * (1 - along) + image[bottom]![right]! * along;
  return upper * (1 - down) + lower * down;
}

const halfPixel = (i: number, from: number, to: number) => ((i + 0.5) * from) / to - 0.5;
const aligned = (i: number, from: number, to: number) =>
  to === 1 ? 0 : (i * (from - 1)) / (to - 1);

/**
 * Output `[height, width]`, of which pixel (i, j) is pixel (i + top, j + left) of the image resized
 * to `resized`.
 */
function resized(
  image: number[][],
  size: Size,
  at = halfPixel,
  covering = size,
  [top, left]: Size = [0, 0],
) {
  const [h, w] = [image.length, image[0]!.length];
  return grayImage(size, (i, j) =>
    sample(image, at(i + top, h, covering[0]), at(j + left, w, covering[1])),
  );
}

function grayImage([height, width]: Size, value: (i: number, j: number) => number): number[][] {
  return Array.from({ length: height }, (_, i) =>
    Array.from({ length: width }, (_, j) => value(i, j)),
  );
}

/** Any image without symmetry will do. */
const pattern = (size: Size) => grayImage(size, (i, j) => (i * 71 + j * 29 + i * j * 13) % 256);

/** Channels differ, so that a mixed-up axis shows. */
const toTensor = (gray: number[][]) =>
  tf.tensor3d(gray.map((row) => row.map((v) => [v, 255 - v, v / 2])));

function expectChannels(input: tf.Tensor, expected: number[][]) {
  const values = input.dataSync();
  expected.flat().forEach((v, i) => {
    [v, 255 - v, v / 2].forEach((value, c) =>
      expect(Math.abs(values[3 * i + c]! - value)).toBeLessThan(1e-3),
    );
  });
}

describeOnEachBackend('resize', () => {
  const sizes: { from: Size; to: Size }[] = [
    { from: [7, 5], to: [14, 10] },
    { from: [7, 5], to: [3, 2] },
    { from: [8, 12], to: [5, 23] },
    { from: [1, 1], to: [3, 4] },
    { from: [6, 9], to: [1, 1] },
  ];

  test.each(sizes)('$from to $to has pixel centres at half integers', ({ from, to }) => {
    const image = toTensor(pattern(from));
    const input = createPreprocessing({ inputSize: to }).preprocess(image);
    expect(input.shape).toEqual([1, ...to, 3]);
    expectChannels(input, resized(pattern(from), to));
    tf.dispose([image, input]);
  });

  test.each(sizes)('$from to $to with aligned corners', ({ from, to }) => {
    const image = toTensor(pattern(from));
    const input = createPreprocessing({ inputSize: to, alignCorners: true }).preprocess(image);
    expectChannels(input, resized(pattern(from), to, aligned));
    tf.dispose([image, input]);
  });

  test('two pixels become four by hand', () => {
    const image = tf.tensor3d([0, 0, 0, 100, 100, 100], [1, 2, 3]);
    const first = (alignCorners: boolean) => {
      const input = createPreprocessing({ inputSize: [1, 4], alignCorners }).preprocess(image);
      const values = Array.from(input.dataSync()).filter((_, i) => i % 3 === 0);
      input.dispose();
      return values.map((v) => Number(v.toFixed(4)));
    };
    expect(first(false)).toEqual([0, 25, 75, 100]);
    expect(first(true)).toEqual([0, 33.3333, 66.6667, 100]);
    image.dispose();
  });

  test('an image of the right size is not resampled', () => {
    const image = tf.randomUniform([9, 11, 3], 0, 255, 'float32', 3);
    for (const crop of ['none', 'center'] as const) {
      const input = createPreprocessing({ inputSize: [9, 11], crop }).preprocess(image);
      expect(input.dataSync()).toEqual(image.dataSync());
      input.dispose();
    }
    image.dispose();
  });

  test('each image of a batch is resized by itself', () => {
    const [a, b] = [pattern([6, 7]), grayImage([6, 7], (i, j) => (i * 40 + j) % 256)];
    const preset = createPreprocessing({ inputSize: [4, 9] });
    const [first, second] = tf.tidy(() =>
      tf.unstack(preset.preprocess(tf.stack([toTensor(a), toTensor(b)]) as tf.Tensor4D)),
    );
    expectChannels(first!, resized(a, [4, 9]));
    expectChannels(second!, resized(b, [4, 9]));
    tf.dispose([first!, second!]);
  });

  test('vgg16 resizes a photo before it orders and shifts the channels', () => {
    const gray = pattern([100, 150]);
    const expected = resized(gray, [224, 224]);
    const input = tf.tidy(() => vgg16.preprocess(toTensor(gray)));
    const values = input.dataSync();
    input.dispose();
    for (const i of [0, 1, 223, 224 * 100 + 7, 224 * 224 - 1]) {
      const v = expected.flat()[i]!;
      const bgr = [v / 2 - 103.939, 255 - v - 116.779, v - 123.68];
      bgr.forEach((value, c) => expect(Math.abs(values[3 * i + c]! - value)).toBeLessThan(1e-3));
    }
  });
});

describeOnEachBackend("crop: 'center'", () => {
  const crops: { from: Size; to: Size; covering: Size; corner: Size }[] = [
    // The middle is cut out exactly where the sides fit without resizing.
    { from: [4, 9], to: [4, 4], covering: [4, 9], corner: [0, 2] },
    { from: [9, 4], to: [4, 4], covering: [9, 4], corner: [2, 0] },
    // 5 * 8 / 4 = 10; and 7 * 8 / 5 = 11.2, rounded up to 12.
    { from: [4, 5], to: [8, 8], covering: [8, 10], corner: [0, 1] },
    { from: [7, 5], to: [8, 8], covering: [12, 8], corner: [2, 0] },
    // 10 x 30 covers 20 x 40 when its height fits; 30 x 20 covers 10 x 10 when its width does.
    { from: [10, 30], to: [20, 40], covering: [20, 60], corner: [0, 10] },
    { from: [30, 20], to: [10, 10], covering: [15, 10], corner: [2, 0] },
  ];

  test.each(crops)(
    '$from to $to is cut from $covering at $corner',
    ({ from, to, covering, corner }) => {
      const gray = pattern(from);
      const input = tf.tidy(() =>
        createPreprocessing({ inputSize: to, crop: 'center' }).preprocess(toTensor(gray)),
      );
      expect(input.shape).toEqual([1, ...to, 3]);
      expectChannels(input, resized(gray, to, halfPixel, covering, corner));
      input.dispose();
    },
  );

  test('sides that come out whole are not rounded up by accident', () => {
    // 25 * (224 / 25) and 41 * (224 / 41) exceed 224 in double precision: rounded up, they would be
    // 225.
    for (const h of [25, 41]) {
      const gray = pattern([h, 2 * h]);
      const input = tf.tidy(() => teachableMachine.preprocess(toTensor(gray)));
      const expected = resized(gray, [224, 224], halfPixel, [224, 448], [0, 112]).flat();
      const values = input.dataSync();
      input.dispose();
      const error = expected.map((v, i) => Math.abs(values[3 * i]! * 127 + 127 - v));
      // Coordinates are float32 in the kernels: up to 41 they are right to 2e-6, times steps of up
      // to 255.
      expect(Math.max(...error)).toBeLessThan(5e-3);
    }
  });

  test('teachableMachine keeps the middle of a wide photo', () => {
    // Left third black, middle third 127, right third white: only the middle is left of a 3 : 1
    // photo.
    const gray = grayImage([20, 60], (_, j) => [0, 127, 254][Math.floor(j / 20)]!);
    const input = tf.tidy(() => teachableMachine.preprocess(toTensor(gray)));
    const values = input.dataSync();
    input.dispose();
    expect(values.length).toBe(224 * 224 * 3);
    // Away from the edges of the thirds, which bilinear interpolation mixes over one pixel of the
    // photo.
    for (let j = 12; j < 212; j++) expect(values[3 * (100 * 224 + j)]!).toBeCloseTo(0, 6);
  });

  test('frees all but its result', () => {
    const image = tf.ones([30, 50, 3]);
    expectNoLeak(() => teachableMachine.preprocess(image));
    image.dispose();
  });
});
