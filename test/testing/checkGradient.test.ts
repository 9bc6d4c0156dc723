// Oracles: models whose gradient is right by definition, and ops whose gradient was made wrong on
// purpose, which are to be named.
import * as tf from '@tensorflow/tfjs-core';
import { checkGradient, linearModel, quadraticModel } from 'tfjs-saliency/testing';
import { describeOnEachBackend } from '../backends.js';
import { images, KINDS } from '../contract/classifier.js';

/** A softplus whose gradient is off by a factor. */
const softplus = (factor: number) =>
  tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([x as tf.Tensor]);
    const gradFunc = (dy: tf.Tensor, [saved]: tf.Tensor[]) =>
      tf.mul(tf.mul(dy, factor), tf.sigmoid(saved!));
    return { value: tf.softplus(x as tf.Tensor), gradFunc };
  });

describeOnEachBackend('checkGradient', () => {
  test('passes what is right, and leaves no tensor', async () => {
    const weights = { data: [1, -2, 3, 0.5], shape: [4] };
    const before = tf.memory().numTensors;
    const x = tf.tensor1d([1, 2, 3, 4]);
    for (const model of [linearModel(weights), quadraticModel(weights, weights)]) {
      const { relativeError, passed, wrongOp } = await checkGradient(model, x, 0);
      expect(relativeError).toBeLessThan(2e-3);
      expect([passed, wrongOp]).toEqual([true, undefined]);
    }
    x.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each(KINDS)('passes %s', async (_, build) => {
    const { model } = build();
    const x = images(1);
    for (const score of ['logit', 'output', 'logProbability'] as const) {
      const found = await checkGradient(model, x, 'argmax', { score, step: 1e-3 });
      expect(found.passed).toBe(true);
    }
  });

  test('names a custom gradient that is wrong, and leaves no tensor', async () => {
    const weights = () => tf.randomNormal<tf.Rank.R2>([6, 2], 0, 1, 'float32', 1);
    const model = (factor: number) => (x: tf.Tensor) =>
      tf.tanh(tf.matMul(softplus(factor)(tf.mul(x, 0.5)) as tf.Tensor2D, weights()));
    const x = tf.tensor1d([1, 2, -3, 0.5, 0, -1]);
    const before = tf.memory().numTensors;
    expect((await checkGradient(model(1), x, 1)).passed).toBe(true);
    const { relativeError, passed, wrongOp } = await checkGradient(model(1.5), x, 1);
    expect(relativeError).toBeCloseTo(0.5, 1);
    expect([passed, wrongOp]).toEqual([false, 'customGrad']);
    expect(tf.memory().numTensors).toBe(before);
  });

  test("names a kernel whose gradient the option 'gradients' makes wrong", async () => {
    const model = (x: tf.Tensor) => tf.sum(tf.square(tf.sigmoid(tf.mul(x, 2))), 1, true);
    const gradients = { Square: (dy: tf.Tensor) => ({ x: () => tf.mul(dy, 7) }) };
    const x = tf.tensor1d([1, 2, -3, 0.5]);
    const found = await checkGradient(model, x, 0, { gradients: gradients as never });
    expect([found.passed, found.wrongOp]).toEqual([false, 'Square']);
  });

  test('refuses what it does not know', async () => {
    const model = linearModel({ data: [1, 2], shape: [2] });
    await expect(checkGradient(model, tf.ones([2]), 0, { direction: 3 } as object)).rejects.toThrow(
      "checkGradient: unknown option 'direction', did you mean 'directions'?",
    );
  });
});
