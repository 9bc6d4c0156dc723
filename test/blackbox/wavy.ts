import * as tf from '@tensorflow/tfjs-core';

/** [r, h, w, 1] -> [r, 2]: the sum and the sine of the sum. */
export const wavy = (rows: tf.Tensor): tf.Tensor =>
  tf.tidy(() => {
    const total = tf.reshape(tf.sum(rows, [1, 2, 3]), [-1, 1]);
    return tf.concat([total, tf.sin(total)], 1);
  });
