import * as tf from '@tensorflow/tfjs-core';
import { createPreprocessing } from 'tfjs-saliency';
import { describeOnEachBackend } from '../../test/backends.js';
import { explain } from './explain.js';
import type { ExplainOptions } from './explain.js';

const size = 4;
const photo = { data: new Uint8ClampedArray(4 * size * size).fill(100), width: size, height: size };
const preprocess = createPreprocessing({ inputSize: [size, size] });
const options: ExplainOptions = {
  method: 'smoothGrad',
  methodOptions: {},
  samples: 12,
  noise: 0.2,
  antithetic: false,
  seed: 1,
  onSample: () => undefined,
  signal: new AbortController().signal,
};

describeOnEachBackend('explain', () => {
  // The score of class 0 is the sum of w x, of class 1 that of w x^2 / 2: their gradients are w and
  // w x.
  const weights = Float32Array.from({ length: size * size * 3 }, (_, i) => Math.sin(i));
  const strongest = Array.from({ length: size * size }, (_, i) =>
    Math.max(...weights.subarray(3 * i, 3 * i + 3).map(Math.abs)),
  );
  const model = (x: tf.Tensor) => {
    const w = tf.tensor(weights, [1, size, size, 3]);
    const score = (z: tf.Tensor) => tf.reshape(tf.sum(tf.mul(w, z), [1, 2, 3]), [-1, 1]);
    return tf.concat([score(x), score(tf.mul(0.5, tf.square(x)))], 1);
  };
  const classifier = { name: 'two scores', model, preprocess, labels: undefined };

  function expectMap(map: tf.Tensor, expected: number[]) {
    expect(map.shape).toEqual([size, size]);
    const values = map.dataSync();
    expected.forEach((value, i) => {
      expect(values[i]! / value).toBeCloseTo(1, 5);
    });
    map.dispose();
  }

  test("a linear score's map is its greatest weight, with and without noise, after every number of samples", async () => {
    const before = tf.memory().numTensors;
    const progress: number[] = [];
    const { gradient, steps, reliability } = await explain(classifier, photo, 0, {
      ...options,
      onSample: (done) => progress.push(done),
    });
    expect(tf.memory().numTensors).toBe(before + 1 + steps.length);
    expect(progress).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    expect(steps.map(({ samples }) => samples)).toEqual([1, 2, 3, 10, 12]);
    expect(reliability).toBeCloseTo(1, 6);
    for (const map of [gradient, ...steps.map((step) => step.map)]) expectMap(map, strongest);
  });

  test('pairs of opposite noise leave the gradient of a quadratic score as it is without noise', async () => {
    const { gradient, steps } = await explain(classifier, photo, 1, {
      ...options,
      samples: 2,
      antithetic: true,
    });
    const expected = strongest.map((weight) => 100 * weight);
    expectMap(gradient, expected);
    expectMap(steps[1]!.map, expected);
    steps[0]!.map.dispose();
  });

  test("another method's map is its own: the input times the weights", async () => {
    const before = tf.memory().numTensors;
    const { gradient, map, steps } = await explain(classifier, photo, 0, {
      ...options,
      method: 'gradientTimesInput',
    });
    expect(steps).toEqual([]);
    expectMap(gradient, strongest);
    expectMap(
      map,
      strongest.map((weight) => 100 * weight),
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  test('an interruption keeps the samples done, the last one too', async () => {
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const { gradient, steps } = await explain(classifier, photo, 0, {
      ...options,
      onSample: (done) => {
        if (done === 5) controller.abort();
      },
      signal: controller.signal,
    });
    expect(steps.map(({ samples }) => samples)).toEqual([1, 2, 3, 5]);
    for (const map of [gradient, ...steps.map((step) => step.map)]) expectMap(map, strongest);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a model that fails on the way leaves nothing behind', async () => {
    const before = tf.memory().numTensors;
    let runs = 0;
    const failing = (x: tf.Tensor) => {
      if (++runs === 4) throw new Error('out of luck');
      return model(x);
    };
    await expect(explain({ ...classifier, model: failing }, photo, 0, options)).rejects.toThrow(
      'out of luck',
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});
