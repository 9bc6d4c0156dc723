// Oracles: what the model itself sees where everything is hidden, against means and colours by hand.
import * as tf from '@tensorflow/tfjs-core';
import type { OcclusionOptions } from 'tfjs-saliency';
import { createPreprocessing, occlusion, vgg16 } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';
import { expectClose } from '../method/expectClose.js';
import { expectError } from '../method/expectError.js';
import { random } from './additive.js';

describeOnEachBackend('baselines of black-box methods', () => {
  /** The last input: a window over all of the image hides it. */
  function hidden(image: tf.Tensor, options: OcclusionOptions): tf.Tensor {
    let seen: tf.Tensor | undefined;
    const model = (rows: tf.Tensor) => {
      seen = tf.keep(tf.clone(rows));
      return tf.sum(rows, [1, 2]);
    };
    occlusion(model, image, 0, { window: 100, ...options }).dispose();
    return seen!;
  }
  const image = () => random([1, 6, 4, 3], 1);

  test("'mean': the mean of each channel", () => {
    const mean = [...tf.mean(image(), [0, 1, 2]).dataSync()];
    const expected = Array.from({ length: 72 }, (_, i) => mean[i % 3]!);
    expectClose(hidden(image(), { baseline: 'mean' }), expected, 1e-5);
  });

  test("a colour: a value for each channel; RGB with a preset, whatever the model's order", () => {
    const color = [1, -2, 3.5];
    const expected = Array.from({ length: 72 }, (_, i) => color[i % 3]!);
    expectClose(hidden(image(), { baseline: color }), expected);
    const preprocess = createPreprocessing({ ...vgg16.options, inputSize: [2, 2] });
    const rgb = [10, 200, 90];
    const filled = preprocess.preprocess(tf.tile(tf.tensor3d(rgb, [1, 1, 3]), [4, 4, 1]));
    const photo = tf.fill([5, 5, 3], 128);
    expectClose(hidden(photo, { preprocess, baseline: rgb }), filled.dataSync(), 1e-5);
  });

  test("'segmentMean': a half of one colour each keeps its colour", () => {
    const halves = tf.concat([tf.fill([1, 8, 4, 3], 1), tf.fill([1, 8, 4, 3], 5)], 2);
    expectClose(hidden(halves, { baseline: 'segmentMean' }), halves.dataSync(), 1e-5);
    const mean = hidden(image(), { baseline: 'segmentMean' });
    expect(tf.sum(mean).dataSync()[0]).toBeCloseTo(tf.sum(image()).dataSync()[0]!, 3);
  });

  test('a colour of another number of channels is refused', () => {
    expectError(
      () => hidden(image(), { baseline: [1, 2] }),
      RangeError,
      'occlusion: baseline must be a colour of 3 numbers, got [1, 2]',
    );
  });
});
