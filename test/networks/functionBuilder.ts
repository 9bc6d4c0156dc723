/** Networks as functions of tfjs-core's ops; the first run also makes the weights. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { random } from '../conformance/case.js';
import type { Activation, Architecture, Builder } from './builder.js';
import { pair } from './builder.js';
import type { Statistics, Values } from './weights.js';
import { Weights } from './weights.js';

export const asFunction =
  ({ build }: Architecture, weights: Weights) =>
  (x: Tensor): Tensor =>
    tf.tidy(() => build(functionBuilder(weights.rewind()), x));

/** Weights whose batch normalizations fit what they see, as those of a trained network do. */
export function weightsOf(architecture: Architecture): Weights {
  const weights = new Weights();
  const shape = [16, architecture.size, architecture.size, 3];
  tf.tidy(() =>
    asFunction(architecture, weights)(tf.tensor(random(tf.util.sizeFromShape(shape), 123), shape)),
  );
  return weights;
}

export const tensorOf = <T extends Tensor = Tensor>({ data, shape }: Values): T =>
  tf.tensor(data, shape) as T;

function statisticsOf(x: Tensor): Statistics {
  const { mean, variance } = tf.moments(x, [...x.shape.keys()].slice(0, -1));
  return { mean: mean.dataSync() as Float32Array, variance: variance.dataSync() as Float32Array };
}

function activate(x: Tensor, activation: Activation): Tensor {
  switch (activation) {
    case 'relu':
      return tf.relu(x);
    case 'relu6':
      return tf.relu6(x);
    case 'sigmoid':
      return tf.sigmoid(x);
    case 'swish':
      return tf.mul(x, tf.sigmoid(x));
    case 'hardSigmoid':
      return tf.div(tf.relu6(tf.add(x, 3)), 6);
    case 'hardSwish':
      return tf.mul(x, activate(x, 'hardSigmoid'));
  }
}

function functionBuilder(weights: Weights): Builder<Tensor> {
  const channels = (x: Tensor): number => x.shape.at(-1)!;
  return {
    channels,
    conv(x, { filters, kernel, stride = 1, padding = 'same', activation }) {
      const size = pair(kernel);
      const filter = weights.kernel(
        [...size, channels(x), filters],
        size[0] * size[1] * channels(x),
      );
      const y = tf.conv2d(x as Tensor4D, tensorOf<Tensor4D>(filter), stride, padding);
      if (activation === undefined) return y;
      const biased = tf.add(y, tensorOf(weights.bias(filters)));
      return activation === 'relu' ? tf.relu(biased) : biased;
    },
    depthwise(x, { kernel, stride = 1, padding = 'same' }) {
      const size = pair(kernel);
      const filter = weights.kernel([...size, channels(x), 1], size[0] * size[1]);
      return tf.depthwiseConv2d(x as Tensor4D, tensorOf<Tensor4D>(filter), stride, padding);
    },
    batchNorm(x, { scale = true, epsilon = 1e-3 } = {}) {
      const values = weights.batchNorm(channels(x), () => statisticsOf(x));
      const [gamma, beta, mean, variance] = values.map((each) => tensorOf<Tensor1D>(each));
      return tf.batchNorm(x, mean!, variance!, beta, scale ? gamma : undefined, epsilon);
    },
    activate,
    pool: (x, kind, { size, stride, padding = 'same' }) =>
      (kind === 'max' ? tf.maxPool : tf.avgPool)(x as Tensor4D, size, stride, padding),
    zeroPad: (x, [top, bottom, left, right]) =>
      tf.pad(x, [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ]),
    globalAverage: (x) => tf.mean(x, [1, 2]),
    asImage: (x) => tf.reshape(x, [-1, 1, 1, channels(x)]),
    flatten: (x) => tf.reshape(x, [x.shape[0]!, -1]),
    dense(x, units, activation) {
      const kernel = tensorOf(weights.kernel([channels(x), units], channels(x)));
      const y = tf.add(tf.matMul(x, kernel), tensorOf(weights.bias(units)));
      if (activation === 'softmax') return tf.softmax(y);
      return activation === 'relu' ? tf.relu(y) : y;
    },
    add: (a, b) => tf.add(a, b),
    multiply: (a, b) => tf.mul(a, b),
    concat: (parts) => tf.concat(parts, -1),
  };
}
