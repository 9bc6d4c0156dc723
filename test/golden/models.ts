/**
 * The networks of the golden files, built twice: with tfjs-layers, and as a function of tfjs-core's
 * ops.
 */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { input as layersInput, layers as tfl, model as layersModel } from '@tensorflow/tfjs-layers';
import type { Golden, Layer, Values } from './golden.js';
import { toTensor } from './golden.js';

export function asLayersModel({ layers, input }: Pick<Golden, 'layers' | 'input'>): LayersModel {
  let model!: LayersModel;
  // The layers hold the weights they are given in variables of their own; tidy frees the originals.
  tf.tidy(() => {
    const inputs = layersInput({ shape: input.shape.slice(1) });
    model = layersModel({ inputs, outputs: connect(layers, inputs) });
  });
  return model;
}

function connect(layers: Layer[], x: SymbolicTensor): SymbolicTensor {
  return layers.reduce((y, layer) => {
    if (layer.type === 'residual')
      return tfl.add().apply([y, connect(layer.layers, y)]) as SymbolicTensor;
    return toLayer(layer).apply(y) as SymbolicTensor;
  }, x);
}

function toLayer(layer: Exclude<Layer, { type: 'residual' }>) {
  switch (layer.type) {
    case 'conv':
      return tfl.conv2d({
        filters: layer.kernel.shape[3]!,
        kernelSize: layer.kernel.shape[0]!,
        strides: layer.stride,
        padding: 'same',
        activation: layer.activation,
        weights: weights(layer.kernel, layer.bias),
      });
    case 'depthwise':
      return tfl.depthwiseConv2d({
        kernelSize: layer.kernel.shape[0]!,
        strides: layer.stride,
        padding: 'same',
        useBias: false,
        weights: weights(layer.kernel),
      });
    case 'batchNorm':
      return tfl.batchNormalization({
        epsilon: layer.epsilon,
        scale: layer.gamma !== undefined,
        weights: weights(layer.gamma, layer.beta, layer.mean, layer.variance),
      });
    case 'relu6':
      return tfl.reLU({ maxValue: 6 });
    case 'maxPool':
      return tfl.maxPooling2d({ poolSize: layer.size, strides: layer.stride, padding: 'same' });
    case 'avgPool':
      return tfl.averagePooling2d({ poolSize: layer.size, strides: layer.stride, padding: 'same' });
    case 'flatten':
      return tfl.flatten();
    case 'globalAveragePool':
      return tfl.globalAveragePooling2d({});
    case 'dense':
      return tfl.dense({
        units: layer.kernel.shape[1]!,
        activation: layer.activation,
        weights: weights(layer.kernel, layer.bias),
      });
  }
}

function weights(...values: (Values | undefined)[]): Tensor[] {
  return values.filter((value) => value !== undefined).map(toTensor);
}

export function asFunction({ layers }: Pick<Golden, 'layers'>): (x: Tensor) => Tensor {
  return (x) => tf.tidy(() => run(layers, x));
}

function run(layers: Layer[], x: Tensor): Tensor {
  return layers.reduce(apply, x);
}

function apply(x: Tensor, layer: Layer): Tensor {
  const images = x as Tensor4D;
  switch (layer.type) {
    case 'conv': {
      const y = tf.conv2d(images, toTensor(layer.kernel) as Tensor4D, layer.stride, 'same');
      return activate(tf.add(y, toTensor(layer.bias)), layer.activation);
    }
    case 'depthwise':
      return tf.depthwiseConv2d(images, toTensor(layer.kernel) as Tensor4D, layer.stride, 'same');
    case 'batchNorm': {
      const [mean, variance, beta] = weights(layer.mean, layer.variance, layer.beta);
      const gamma = layer.gamma && toTensor(layer.gamma);
      return tf.batchNorm(
        x,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        beta as tf.Tensor1D,
        gamma,
        layer.epsilon,
      );
    }
    case 'relu6':
      return tf.relu6(x);
    case 'maxPool':
      return tf.maxPool(images, layer.size, layer.stride, 'same');
    case 'avgPool':
      return tf.avgPool(images, layer.size, layer.stride, 'same');
    case 'residual':
      return tf.add(x, run(layer.layers, x));
    case 'flatten':
      return tf.reshape(x, [x.shape[0]!, -1]);
    case 'globalAveragePool':
      return tf.mean(x, [1, 2]);
    case 'dense':
      return activate(
        tf.add(tf.matMul(x, toTensor(layer.kernel)), toTensor(layer.bias)),
        layer.activation,
      );
  }
}

function activate(x: Tensor, activation: 'linear' | 'relu' | 'softmax'): Tensor {
  if (activation === 'relu') return tf.relu(x);
  return activation === 'softmax' ? tf.softmax(x) : x;
}
