/**
 * A model whose score is a sum over the numbers of its input, for which the oracles of black-box
 * methods are sums too.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Two classes: sum v x and sum -v x. */
export const additive =
  (v: tf.Tensor) =>
  (x: tf.Tensor): tf.Tensor => {
    const axes = [...x.shape.keys()].slice(1);
    const score = tf.reshape(tf.sum(tf.mul(x, v), axes), [-1, 1]);
    return tf.concat([score, tf.neg(score)], 1);
  };

/** What each number of an input adds to the score when it is there: v (x - baseline). */
export const shares = (v: tf.Tensor, x: tf.Tensor, baseline: number): number[] => [
  ...tf.mul(v, tf.sub(x, baseline)).dataSync(),
];

export const random = (shape: number[], seed: number): tf.Tensor =>
  tf.randomNormal(shape, 0, 1, 'float32', seed);
