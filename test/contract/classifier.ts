/**
 * A small classifier that every method takes, of each kind of model, and its images. Letters: n
 * images.
 */
import * as tf from '@tensorflow/tfjs-core';
import { layers as tfl, sequential } from '@tensorflow/tfjs-layers';
import type { Model } from 'tfjs-saliency';
import { constant } from '../conformance/case.js';

export const CLASSES = 4;

export interface Classifier {
  readonly model: Model;
  dispose(): void;
}

/** As training leaves them: of both signs, with biases. */
const weightsOf = (): tf.Tensor[] => [
  tf.mul(constant([3, 3, 3, 4], 1), 0.5),
  tf.mul(constant([4], 2), 0.3),
  tf.mul(constant([4 * 4 * 4, CLASSES], 3), 0.6),
  constant([CLASSES], 4),
];

/** Convolution, ReLU, max pooling, dense, softmax: [n, 8, 8, 3] -> [n, 4]. */
export function asFunction(): Classifier {
  const [filter, bias, kernel, offset] = tf.tidy(weightsOf);
  const model = (x: tf.Tensor): tf.Tensor => {
    const convolved = tf.add(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same'), bias!);
    const pooled = tf.maxPool(tf.relu(convolved) as tf.Tensor4D, 2, 2, 'valid');
    const features = tf.reshape(pooled, [x.shape[0]!, -1]);
    return tf.softmax(tf.add(tf.matMul(features as tf.Tensor2D, kernel as tf.Tensor2D), offset!));
  };
  return {
    model,
    dispose() {
      tf.dispose([filter!, bias!, kernel!, offset!]);
    },
  };
}

export function asLayersModel(): Classifier {
  // Layers keep copies of their weights.
  const [filter, bias, kernel, offset] = tf.tidy(weightsOf);
  const model = sequential({
    layers: [
      tfl.conv2d({
        inputShape: [8, 8, 3],
        filters: 4,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        weights: [filter!, bias!],
      }),
      tfl.maxPooling2d({ poolSize: 2 }),
      tfl.flatten(),
      tfl.dense({ units: CLASSES, activation: 'softmax', weights: [kernel!, offset!] }),
    ],
  });
  tf.dispose([filter!, bias!, kernel!, offset!]);
  return {
    model,
    dispose() {
      model.dispose();
    },
  };
}

export const KINDS: readonly [string, () => Classifier][] = [
  ['a function', asFunction],
  ['a LayersModel', asLayersModel],
];

/** [n, 8, 8, 3] */
export const images = (count: number): tf.Tensor => constant([count, 8, 8, 3], 11);
