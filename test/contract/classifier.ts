/**
 * A small classifier that every method takes, of each kind of model, and its images. Letters: n
 * images.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { input, layers as tfl, model } from '@tensorflow/tfjs-layers';
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
  tf.mul(constant([2 * 2 * 4, CLASSES], 3), 1.2),
  constant([CLASSES], 4),
  ...[5, 6, 7].map((seed) => constant([4, 4], seed)),
];

/**
 * Convolution, ReLU, attention of 16 places to each other, max pooling, dense, softmax: [n, 8, 8,
 * 3] -> [n, 4].
 */
export function asFunction(): Classifier {
  const weights = tf.tidy(weightsOf);
  const [filter, bias, kernel, offset, ...projections] = weights as [
    tf.Tensor4D,
    tf.Tensor,
    tf.Tensor2D,
    tf.Tensor,
    ...tf.Tensor2D[],
  ];
  const model = (x: tf.Tensor): tf.Tensor => {
    const convolved = tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, filter, 2, 'same'), bias));
    const tokens = tf.reshape(convolved, [-1, 16, 4]);
    const places = tf.reshape(tokens, [-1, 4]) as tf.Tensor2D;
    const [query, key, value] = projections.map((projection) =>
      tf.reshape(tf.matMul(places, projection), [-1, 16, 4]),
    ) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const attended = tf.matMul(tf.softmax(tf.matMul(query, key, false, true)), value);
    const added = tf.reshape(tf.add(tokens, attended), [-1, 4, 4, 4]) as tf.Tensor4D;
    const features = tf.reshape(tf.maxPool(added, 2, 2, 'valid'), [x.shape[0]!, -1]);
    return tf.softmax(tf.add(tf.matMul(features as tf.Tensor2D, kernel), offset));
  };
  return {
    model,
    dispose() {
      tf.dispose(weights);
    },
  };
}

export function asLayersModel(): Classifier {
  // Layers keep copies of their weights.
  const weights = tf.tidy(weightsOf);
  const [filter, bias, kernel, offset, ...projections] = weights;
  const inputs = input({ shape: [8, 8, 3] });
  const convolved = tfl
    .conv2d({
      filters: 4,
      kernelSize: 3,
      strides: 2,
      padding: 'same',
      activation: 'relu',
      weights: [filter!, bias!],
    })
    .apply(inputs) as SymbolicTensor;
  const places = tfl.reshape({ targetShape: [16, 4] }).apply(convolved) as SymbolicTensor;
  const [query, key, value] = projections.map((projection) =>
    tfl.dense({ units: 4, useBias: false, weights: [projection] }).apply(places),
  ) as [SymbolicTensor, SymbolicTensor, SymbolicTensor];
  const scores = tfl.dot({ axes: [2, 2] }).apply([query, key]) as SymbolicTensor;
  const attention = tfl.activation({ activation: 'softmax' }).apply(scores) as SymbolicTensor;
  const attended = tfl.dot({ axes: [2, 1] }).apply([attention, value]) as SymbolicTensor;
  const added = tfl.add().apply([places, attended]) as SymbolicTensor;
  const grid = tfl.reshape({ targetShape: [4, 4, 4] }).apply(added) as SymbolicTensor;
  const pooled = tfl.maxPooling2d({ poolSize: 2 }).apply(grid) as SymbolicTensor;
  const outputs = tfl
    .dense({ units: CLASSES, activation: 'softmax', weights: [kernel!, offset!] })
    .apply(tfl.flatten().apply(pooled)) as SymbolicTensor;
  const classifier = model({ inputs, outputs });
  tf.dispose(weights);
  return {
    model: classifier,
    dispose() {
      classifier.dispose();
    },
  };
}

export const KINDS: readonly [string, () => Classifier][] = [
  ['a function', asFunction],
  ['a LayersModel', asLayersModel],
];

/** [n, 8, 8, 3] */
export const images = (count: number): tf.Tensor => constant([count, 8, 8, 3], 11);
