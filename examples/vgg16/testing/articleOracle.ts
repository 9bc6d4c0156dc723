import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/**
 * One sample of the article, by tfjs's own tf.grad and losses. On the cpu backend, where both are
 * right for the ops of VGG16; it knows nothing of the library.
 *
 * @param input - [1, h, w, 3], preprocessed and noisy.
 * @returns the label, and the greatest magnitude of the gradient over the channels, [h * w].
 */
export function articleSample(
  model: LayersModel,
  input: tf.Tensor,
): { label: number; map: Float32Array } {
  return tf.tidy(() => {
    const probabilities = model.predict(input) as tf.Tensor;
    const label = tf.argMax(probabilities, -1);
    const target = tf.oneHot(label, probabilities.shape[1]!);
    const loss = (x: tf.Tensor) =>
      tf.losses.softmaxCrossEntropy(target, model.predict(x) as tf.Tensor2D);
    const gradient = tf.grad(loss)(input);
    return { label: label.dataSync()[0]!, map: tf.max(tf.abs(gradient), -1).dataSync<'float32'>() };
  });
}

export function meanOf(maps: Float32Array[]): Float32Array {
  return maps[0]!.map((_, pixel) => maps.reduce((sum, map) => sum + map[pixel]!, 0) / maps.length);
}
