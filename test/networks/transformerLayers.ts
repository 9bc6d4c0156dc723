/** The vision transformer as a LayersModel. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Ops, Read } from './architectures/transformer.js';
import { PATCH, SIZE, transformer, WIDTH } from './architectures/transformer.js';
import { functionOps } from './transformerForms.js';
import type { Weights } from './weights.js';

type Computation = (...inputs: never[]) => Tensor;

/** What tfjs-layers has no layer for. */
class Computed extends layers.Layer {
  static className = 'Computed';

  constructor(
    private readonly compute: (inputs: Tensor[]) => Tensor,
    private readonly shape: number[],
  ) {
    super({});
  }

  override computeOutputShape(): number[] {
    return this.shape;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return tf.tidy(() => this.compute([inputs].flat()));
  }
}

type Value = Tensor | SymbolicTensor;
const isSymbolic = (value: unknown): value is SymbolicTensor => value instanceof SymbolicTensor;

/** Makes a layer of a computation: its inputs are the arguments that the image decides. */
const inLayer =
  (compute: Computation) =>
  (...args: unknown[]): Value => {
    const inputs = args.flat().filter(isSymbolic);
    const computed = (tensors: Tensor[]): Tensor => {
      const left = [...tensors];
      const filled = (arg: unknown): unknown =>
        Array.isArray(arg) ? arg.map(filled) : isSymbolic(arg) ? left.shift() : arg;
      return compute(...(args.map(filled) as never[]));
    };
    const shape = tf.tidy(() => computed(inputs.map((x) => tf.zeros(x.shape as number[]))).shape);
    return new Computed(computed, shape).apply(inputs) as SymbolicTensor;
  };

const layersOps = {
  ...Object.fromEntries(
    Object.entries<Computation>({ ...functionOps }).map(([name, op]) => [name, inLayer(op)]),
  ),
  constant: functionOps.constant,
  patches(image: Value, filter: Value) {
    const layer = layers.conv2d({
      filters: WIDTH,
      kernelSize: PATCH,
      strides: PATCH,
      useBias: false,
      weights: [filter as Tensor],
    });
    return layer.apply(image) as SymbolicTensor;
  },
  softmax: (x: Value) => layers.softmax({ axis: -1 }).apply(x) as SymbolicTensor,
  add: (a: Value, b: Value) =>
    isSymbolic(a) && isSymbolic(b)
      ? (layers.add().apply([a, b]) as SymbolicTensor)
      : inLayer(functionOps.add)(a, b),
} as Ops<Value>;

export function transformerLayers(weights: Weights, read: Read = 'classToken'): LayersModel {
  const inputs = input({ batchShape: [1, SIZE, SIZE, 3] });
  const outputs = transformer(layersOps, weights.rewind(), inputs, read) as SymbolicTensor;
  return model({ inputs, outputs });
}
