// Oracles: a linear model, whose maps are its weights, and a method that looks at no class.
import * as tf from '@tensorflow/tfjs-core';
import { eigenCam, randomLogitTest, similarity, vanillaGradient } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';
import { CLASSES, images, KINDS } from '../contract/classifier.js';
import { expectError } from '../method/expectError.js';

describeOnEachBackend('randomLogitTest', () => {
  const weights = () => tf.randomNormal<tf.Rank.R2>([8, 5], 0, 1, 'float32', 3);
  const linear = (x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, weights());
  const mapOf = (index: number) => tf.squeeze(tf.slice(weights(), [0, index], [-1, 1]), [1]);

  test("compares a linear model's weights for the classes", () => {
    const options = { count: 4, aggregate: 'sum', similarity: 'pearson', seed: 2 } as const;
    const result = randomLogitTest(vanillaGradient, linear, tf.ones([8]), 1, options);
    const others = result.classes.map(({ classIndex }) => classIndex);
    expect([...others].sort()).toEqual([0, 2, 3, 4]);
    for (const { classIndex, similarity: found } of result.classes) {
      expect(found).toBeCloseTo(similarity(mapOf(1), mapOf(classIndex), 'pearson'), 5);
    }
    const sum = result.classes.reduce((total, other) => total + other.similarity, 0);
    expect(result.score).toBeCloseTo(sum / 4, 12);
  });

  test.each(KINDS)('is 1 for a method that does not look at the class, of %s', async (_, build) => {
    const { model } = build();
    const before = tf.memory().numTensors;
    const x = images(1);
    const result = randomLogitTest(eigenCam, model, x, 'argmax', { count: CLASSES });
    expect(result.classes).toHaveLength(CLASSES - 1);
    expect(result.score).toBeCloseTo(1, 6);
    expect(randomLogitTest(vanillaGradient, model, x, 'argmax').score).toBeLessThan(1);
    const later = await randomLogitTest.async(eigenCam, model, x, 'argmax', { count: CLASSES });
    expect(later).toEqual(result);
    x.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('refuses a model of one class, and a difference of classes', () => {
    const one = (x: tf.Tensor) => tf.sum(x, 1, true);
    expectError(
      () => randomLogitTest(vanillaGradient, one, tf.ones([4]), 0),
      RangeError,
      'randomLogitTest: classIndex must be one class of several, got 0',
    );
  });
});
