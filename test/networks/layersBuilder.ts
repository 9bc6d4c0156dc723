/** Networks as tfjs-layers models. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { input, layers as tfl, model } from '@tensorflow/tfjs-layers';
import type { Activation, Architecture, Builder } from './builder.js';
import { pair } from './builder.js';
import { tensorOf } from './functionBuilder.js';
import type { Values, WeightSource } from './weights.js';
import { alreadyMade } from './weights.js';

interface Applicable {
  apply(x: SymbolicTensor | SymbolicTensor[]): unknown;
}

const applied = (layer: Applicable, x: SymbolicTensor | SymbolicTensor[]): SymbolicTensor =>
  layer.apply(x) as SymbolicTensor;

const tensors = (values: Values[]): tf.Tensor[] => values.map(tensorOf);

/** The layers hold what they are given in variables of their own; tidy frees the originals. */
export function asLayersModel({ size, build }: Architecture, weights: WeightSource): LayersModel {
  const inputs = input({ shape: [size, size, 3] });
  let outputs!: SymbolicTensor;
  tf.tidy(() => {
    outputs = build(layersBuilder(weights.rewind()), inputs);
  });
  return model({ inputs, outputs });
}

function layersBuilder(weights: WeightSource): Builder<SymbolicTensor> {
  const channels = (x: SymbolicTensor): number => x.shape.at(-1)!;
  const shift = (x: SymbolicTensor, scale: number, offset: number) =>
    applied(tfl.rescaling({ scale, offset }), x);
  const multiply = (a: SymbolicTensor, b: SymbolicTensor) => applied(tfl.multiply(), [a, b]);

  const activate = (x: SymbolicTensor, activation: Activation): SymbolicTensor => {
    switch (activation) {
      case 'relu6':
        return applied(tfl.reLU({ maxValue: 6 }), x);
      // As Keras's MobileNetV3 has it: relu6(x + 3) / 6, which is not tfjs-layers' own hardSigmoid.
      case 'hardSigmoid':
        return shift(activate(shift(x, 1, 3), 'relu6'), 1 / 6, 0);
      case 'hardSwish':
        return multiply(x, activate(x, 'hardSigmoid'));
      default:
        return applied(tfl.activation({ activation }), x);
    }
  };

  return {
    channels,
    conv(x, { filters, kernel, stride = 1, padding = 'same', activation }) {
      const kernelSize = pair(kernel);
      const fanIn = kernelSize[0] * kernelSize[1] * channels(x);
      const values = [weights.kernel([...kernelSize, channels(x), filters], fanIn)];
      if (activation !== undefined) values.push(weights.bias(filters));
      const useBias = activation !== undefined;
      return applied(
        tfl.conv2d({
          filters,
          kernelSize,
          strides: stride,
          padding,
          useBias,
          activation: activation ?? 'linear',
          weights: tensors(values),
        }),
        x,
      );
    },
    depthwise(x, { kernel, stride = 1, padding = 'same' }) {
      const kernelSize = pair(kernel);
      const values = [
        weights.kernel([...kernelSize, channels(x), 1], kernelSize[0] * kernelSize[1]),
      ];
      return applied(
        tfl.depthwiseConv2d({
          kernelSize,
          strides: stride,
          padding,
          useBias: false,
          weights: tensors(values),
        }),
        x,
      );
    },
    batchNorm(x, { scale = true, epsilon = 1e-3 } = {}) {
      const [gamma, ...rest] = weights.batchNorm(channels(x), alreadyMade);
      const values = scale ? [gamma, ...rest] : rest;
      return applied(tfl.batchNormalization({ epsilon, scale, weights: tensors(values) }), x);
    },
    activate,
    pool(x, kind, { size: poolSize, stride: strides, padding = 'same' }) {
      const options = { poolSize, strides, padding } as const;
      return applied(kind === 'max' ? tfl.maxPooling2d(options) : tfl.averagePooling2d(options), x);
    },
    zeroPad: (x, [top, bottom, left, right]) =>
      applied(
        tfl.zeroPadding2d({
          padding: [
            [top, bottom],
            [left, right],
          ],
        }),
        x,
      ),
    globalAverage: (x) => applied(tfl.globalAveragePooling2d({}), x),
    asImage: (x) => applied(tfl.reshape({ targetShape: [1, 1, channels(x)] }), x),
    flatten: (x) => applied(tfl.flatten(), x),
    dense(x, units, activation) {
      const values = [weights.kernel([channels(x), units], channels(x)), weights.bias(units)];
      return applied(tfl.dense({ units, activation, weights: tensors(values) }), x);
    },
    add: (a, b) => applied(tfl.add(), [a, b]),
    multiply,
    concat: (parts) => applied(tfl.concatenate(), parts),
  };
}
