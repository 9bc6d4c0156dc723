// Inside the gradient of a user's own. Oracle: second derivatives in closed form.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers tfjs's gradients
import { ours } from '../conformance/ours.js';
import { describeOnEachBackend } from '../backends.js';

describeOnEachBackend('inside an outer tf.grad', () => {
  const x = () => tf.tensor1d([1, -2, 3]);
  const numbers = (t: tf.Tensor): number[] => [...t.dataSync()];

  test('a map is a constant where it is of another tensor', () => {
    const other = tf.tensor1d([2, 4, 8]);
    const outer = tf.grad((t) => tf.mul(t, ours(tf.square, other)));
    expect(numbers(outer(x()))).toEqual([4, 8, 16]);
  });

  test('the outer gradient goes through the map: that of 3 x^2 is 6 x', () => {
    const cube = (t: tf.Tensor): tf.Tensor => tf.mul(tf.square(t), t);
    expect(numbers(tf.grad((t) => ours(cube, t))(x()))).toEqual([6, -12, 18]);
  });

  test('through a fused op, which tfjs takes apart there, with every tensor freed', () => {
    const b = tf.tensor2d([
      [1, -1],
      [2, 0.5],
      [-1, 3],
    ]);
    const dense = (t: tf.Tensor): tf.Tensor =>
      tf.square(
        tf.fused.matMul({ a: tf.reshape(t, [1, 3]) as tf.Tensor2D, b, activation: 'relu' }),
      );
    const input = x();
    const before = tf.memory().numTensors;
    // relu(x b) is [0, 9] at x, so that the gradient is 2 * 9 * b's second column, and its sum's 2
    // * sum(b) b.
    const result = tf.tidy(() => [
      numbers(ours(dense, input)),
      numbers(tf.grad((t) => ours(dense, t))(input)),
    ]);
    expect(result).toEqual([
      [(-18 * 7) / 9, (9 * 7) / 9, (54 * 7) / 9],
      [-5, 2.5, 15],
    ]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
