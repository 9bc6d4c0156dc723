/**
 * How to test saliency in a project of your own: copy this file, and put your pipeline in the place
 * of `explainPhoto`. A trained model has no known right map; a model made for the test has one.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { createPreprocessing } from 'tfjs-saliency';
import { explainPhoto } from './explainPhoto.js';

const size = 16;
const half = size / 2;
const preprocess = createPreprocessing({ inputSize: [size, size], std: 255 });

/** Where each class looks: the rows and columns at which its quarter of the image begins. */
const corners = [
  [0, 0],
  [0, half],
  [half, 0],
  [half, half],
] as const;

/** Class i sees quarter i of the image and nothing else; not linear, so that noise matters. */
function quarters(images: tf.Tensor): tf.Tensor {
  const [count = 1] = images.shape;
  const scores = corners.map(([top, left]) => {
    const quarter = tf.slice(images, [0, top, left, 0], [-1, half, half, -1]);
    return tf.reshape(tf.sum(tf.sigmoid(tf.mul(quarter, 3)), [1, 2, 3]), [count, 1]);
  });
  return tf.concat(scores, 1);
}

/** The third quarter is white, the rest black: class 2 has the highest score. */
const photo = {
  width: size,
  height: size,
  data: Uint8ClampedArray.from({ length: size * size * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return Math.floor(pixel / size) >= half && pixel % size < half ? 255 : 0;
  }),
};

/** Explains and reads the map, so that no test has to free it. */
function valuesOf(classIndex: number | 'argmax', seed = 1): number[][] {
  const map = explainPhoto(quarters, photo, classIndex, preprocess, seed);
  const values = map.arraySync() as number[][];
  map.dispose();
  return values;
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test.each(corners.map((corner, classIndex) => [classIndex, ...corner] as const))(
  'class %i lights its own quarter, and only that',
  (classIndex, top, left) => {
    valuesOf(classIndex).forEach((row, y) => {
      row.forEach((value, x) => {
        const isInside = y >= top && y < top + half && x >= left && x < left + half;
        if (isInside) expect(value).toBeGreaterThan(0.05);
        else expect(value).toBe(0);
      });
    });
  },
);

test("'argmax' explains the class of the highest score", () => {
  expect(valuesOf('argmax')).toEqual(valuesOf(2));
});

test('the seed decides the map', () => {
  expect(valuesOf(2, 7)).toEqual(valuesOf(2, 7));
  expect(valuesOf(2, 8)).not.toEqual(valuesOf(2, 7));
});

test('no tensor is left but the map', () => {
  const before = tf.memory().numTensors;
  const map = explainPhoto(quarters, photo, 2, preprocess, 1);
  expect(tf.memory().numTensors).toBe(before + 1);
  map.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('a class that the model does not have is refused, and nothing is left', () => {
  const before = tf.memory().numTensors;
  expect(() => explainPhoto(quarters, photo, 4, preprocess, 1)).toThrow(
    new RangeError("smoothGrad: classIndex must be less than the model's 4 outputs, got 4"),
  );
  expect(tf.memory().numTensors).toBe(before);
});
