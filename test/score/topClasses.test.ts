// Oracle: scores that the test chose, sorted by hand.
import * as tf from '@tensorflow/tfjs-core';
import { layers as tfl, sequential } from '@tensorflow/tfjs-layers';
import { GradientError, createPreprocessing, topClasses } from 'tfjs-saliency';
import type { Model, TopClassesOptions } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';
import { expectError } from '../method/expectError.js';

/** Powers of two, so that float32 holds them; classes 1 and 3 are equal. */
const SCORES = [0.125, 0.25, 0.5, 0.25];
const LABELS = ['cat', 'dog', 'bowl', 'tree'];
const RANKED = [
  { classIndex: 2, score: 0.5 },
  { classIndex: 1, score: 0.25 },
  { classIndex: 3, score: 0.25 },
  { classIndex: 0, score: 0.125 },
];

describeOnEachBackend('topClasses', () => {
  /** The scores times the mean of the input, [n, 2] -> [n, 4]. */
  const scores = (x: tf.Tensor) => tf.mul(tf.mean(x, 1, true), tf.tensor2d([SCORES]));
  const kernel = () => tf.tensor2d([SCORES, SCORES].map((row) => row.map((score) => score / 2)));
  const layersModel = () =>
    sequential({
      layers: [tfl.dense({ inputShape: [2], units: 4, useBias: false, weights: [kernel()] })],
    });
  const MODELS: [string, () => Model, TopClassesOptions][] = [
    ['a function', () => scores, {}],
    ['a LayersModel', layersModel, {}],
    ['an object with predict', () => ({ predict: scores }), {}],
    [
      'one of two outputs',
      () => ({ predict: (x) => ({ box: x, classes: scores(x) }) }),
      { output: 'classes' },
    ],
  ];

  test.each(MODELS)('ranks the classes of %s, and leaves no tensor', async (_, build, options) => {
    const model = build();
    for (const x of [tf.tensor2d([[0.5, 1.5]]), tf.tensor1d([1, 1])]) {
      const before = tf.memory().numTensors;
      if (x.rank === 2 || 'inputs' in model) {
        expect(topClasses(model, x, options)).toEqual(RANKED);
        expect(await topClasses.async(model, x, options)).toEqual(RANKED);
      }
      expect(tf.memory().numTensors).toBe(before);
      x.dispose();
    }
  });

  test('names as many as asked for, and takes images', () => {
    const pixels = { data: new Uint8ClampedArray(2 * 2 * 4).fill(255), width: 2, height: 2 };
    const model = (x: tf.Tensor) => scores(tf.reshape(x, [x.shape[0]!, -1]));
    const preprocess = createPreprocessing({ inputSize: [2, 2], std: 255 });
    expect(topClasses(model, pixels, { preprocess, labels: LABELS, count: 2 })).toEqual([
      { classIndex: 2, label: 'bowl', score: 0.5 },
      { classIndex: 1, label: 'dog', score: 0.25 },
    ]);
  });

  test('refuses wrong arguments before the model runs', () => {
    let runs = 0;
    const model = {
      predict: (x: tf.Tensor) => {
        runs++;
        return x;
      },
      inputs: [{ shape: [null, 4] }],
      outputs: [{ shape: [null, 4] }],
    };
    const call =
      (options: object, input: tf.Tensor = tf.ones([4])) =>
      () =>
        topClasses(model, input, options);
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const labels = 'topClasses: labels must be an array of the names of all classes, got';
      expectError(call({ labels: 'cat' }), TypeError, `${labels} 'cat'`);
      expectError(call({ labels: ['cat', 2] }), TypeError, `${labels} ['cat', 2]`);
      expectError(
        call({ labels: ['cat', 'dog'] }),
        RangeError,
        'topClasses: labels.length must be 4, the number of classes, got 2',
      );
      expectError(
        call({ count: 0 }),
        RangeError,
        'topClasses: count must be a positive integer, got 0',
      );
      expectError(
        call({ label: [] }),
        TypeError,
        "topClasses: unknown option 'label', did you mean 'labels'?",
      );
      expectError(
        call({}, tf.ones([2, 4])),
        RangeError,
        'topClasses: input must be one image, not a batch, got a tensor of shape [2, 4]; ' +
          'call topClasses for each of them',
      );
    });
    expect(runs).toBe(0);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('refuses labels of another number, and scores that are no numbers', async () => {
    const x = tf.ones([1, 2]);
    const before = tf.memory().numTensors;
    const message = 'labels.length must be 4, the number of classes, got 1';
    expectError(
      () => topClasses(scores, x, { labels: ['cat'] }),
      RangeError,
      `topClasses: ${message}`,
    );
    await expect(topClasses.async(scores, x, { labels: ['cat'] })).rejects.toThrow(
      new RangeError(`topClasses.async: ${message}`),
    );
    expect(() => topClasses((input) => tf.div(scores(input), 0), x)).toThrow(GradientError);
    expect(tf.memory().numTensors).toBe(before);
    x.dispose();
  });
});
