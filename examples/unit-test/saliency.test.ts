/**
 * How to test saliency in a project of your own: copy this file, and put your pipeline in the place
 * of `explainPhoto`. A trained model has no known right map; models made for tests have one.
 *
 * It runs in Jest and in Vitest (with `globals: true`).
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { createPreprocessing } from 'tfjs-saliency';
import {
  checkGradient,
  colorRamp,
  saliencyMatchers,
  spotImage,
  spotModel,
} from 'tfjs-saliency/testing';
import { explainPhoto } from './explainPhoto.js';

expect.extend(saliencyMatchers);

const at = { x: 5, y: 11 };
const size = { width: 16, height: 16 };
const preprocess = createPreprocessing({ inputSize: [16, 16], std: 255 });
/** Class 0 sees a spot of the image, class 1 the rest. */
const model = spotModel({ at, radius: 3, ...size });
const photo = spotImage(at, 3, size);

/** Explains and reads the map, so that no test has to free it. */
function mapOf(classIndex: number | 'argmax', seed = 1): { data: number[]; shape: number[] } {
  const map = explainPhoto(model, photo, classIndex, preprocess, seed);
  const { shape } = map;
  const data = Array.from(map.dataSync());
  map.dispose();
  return { data, shape };
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('the map points at what the class sees, and nowhere else', () => {
  expect(mapOf(0)).toBeFinite();
  expect(mapOf(0)).toPointAt(model.box);
  expect(mapOf(1)).not.toPointAt(model.mask);
  mapOf(0).data.forEach((value, i) => {
    if (model.mask.data[i] === 0) expect(value).toBe(0);
  });
});

test("'argmax' explains the class of the highest score", () => {
  expect(mapOf('argmax')).toBeCloseToMap(mapOf(1));
});

test('the seed decides the map, and other seeds give much the same', () => {
  expect(mapOf(0, 7)).toBeCloseToMap(mapOf(0, 7), { relative: 0 });
  expect(mapOf(0, 8)).not.toBeCloseToMap(mapOf(0, 7));
  expect(mapOf(0, 8)).toBeCloseToMap(mapOf(0, 7), { correlation: 0.9 });
});

test('no tensor is left but the map', () => {
  expect(() => {
    explainPhoto(model, photo, 0, preprocess, 1).dispose();
  }).toLeaveNoTensors();
});

test('a class that the model does not have is refused, and nothing is left', () => {
  expect(() => {
    expect(() => explainPhoto(model, photo, 4, preprocess, 1)).toThrow(
      "smoothGrad: classIndex must be less than the model's 2 outputs, got 4",
    );
  }).toLeaveNoTensors();
});

test("the gradient of the pipeline's model is right", async () => {
  const { passed } = await checkGradient(model, colorRamp(size), 0, { preprocess });
  expect(passed).toBe(true);
});
