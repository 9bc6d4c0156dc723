// Oracle: a linear model of whole numbers, whose gradient is its kernel.
import * as tf from '@tensorflow/tfjs-core';
import { input as layersInput, layers as tfl, model as layersModel } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { GradientError, integratedGradients, smoothGrad, vanillaGradient } from 'tfjs-saliency';
import type { ModelFunction } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';
import { constant, graphModel, node, placeholder } from '../model/graph.js';
import { expectClose } from './expectClose.js';

const W = [0.5, -1.25, 3];
const X = [10, 20, 30];

describeOnEachBackend('a model of int32 input, wrapped in a function', () => {
  /** x [n, 3] int32 -> x W [n, 1] */
  const graph = () =>
    graphModel([
      placeholder('x', [-1, 3], 'int32'),
      node('float', 'Cast', ['x'], { SrcT: { type: 'DT_INT32' }, DstT: { type: 'DT_FLOAT' } }),
      constant('w', W, [3, 1]),
      node('y', 'MatMul', ['float', 'w']),
    ]);
  /** Several outputs, say, of which the wrapper picks one. */
  const wrapped = () => {
    const model = graph();
    return (x: tf.Tensor) => model.predict(x) as tf.Tensor;
  };
  const x = () => tf.tensor2d([X], [1, 3], 'int32');
  const inputSpec = { dtype: 'int32' } as const;

  test('is explained with the option inputSpec', () => {
    const seen = new Set<string>();
    const model = (input: tf.Tensor) => {
      seen.add(input.dtype);
      return wrapped()(input);
    };
    expectClose(vanillaGradient(model, x(), 0, { inputSpec }), W);
    expectClose(smoothGrad(model, x(), 0, { inputSpec, samples: 3, seed: 1 }), W);
    const products = X.map((value, i) => value * W[i]!);
    expectClose(integratedGradients(model, x(), 0, { inputSpec, steps: 2 }), products);
    expect([...seen]).toEqual(['int32']);
  });

  test('is explained with a property inputs on the function', () => {
    const model: ModelFunction = Object.assign(wrapped(), { inputs: graph().inputs });
    expectClose(vanillaGradient(model, x(), 0), W);
    expectClose(smoothGrad(model, tf.tensor1d(X), 0, { samples: 3, seed: 1 }), W);
  });

  test('inputSpec also tells the shape: one input without its batch dimension, and wrong ones', () => {
    const spec = { shape: [null, 3], dtype: 'int32' } as const;
    const map = vanillaGradient(wrapped(), tf.tensor1d(X), 0, { inputSpec: spec });
    expect(map.shape).toEqual([3]);
    expectClose(map, W);
    expect(() => vanillaGradient(wrapped(), tf.ones([2, 4]), 0, { inputSpec: spec })).toThrow(
      'vanillaGradient: input must have shape [n, 3] or [3], got [2, 4]',
    );
  });

  test('without it, the error names inputSpec', () => {
    expect(() => vanillaGradient(wrapped(), x(), 0)).toThrow(TypeError);
    expect(() => vanillaGradient(wrapped(), x(), 0)).toThrow(
      /^vanillaGradient: model takes an int32 input \(.*must be int32.*\); give inputSpec: \{ dtype: 'int32' \}, or the function a property inputs$/,
    );
  });

  test('with a cast in the function, the error names inputSpec too', () => {
    const cast = (input: tf.Tensor) => wrapped()(tf.cast(input, 'int32'));
    expect(() => vanillaGradient(cast, x(), 0)).toThrow(GradientError);
    expect(() => vanillaGradient(cast, x(), 0)).toThrow(
      /op without a gradient \(Cast\).*inputSpec: \{ dtype: 'int32' \}/,
    );
    // The way out that it names: the cast finds whole numbers then.
    expectClose(vanillaGradient(cast, x(), 0, { inputSpec }), W);
  });

  test.each([
    [7, 'inputSpec must be { shape?, dtype? }, got 7'],
    [{ dtype: 'int8' }, "inputSpec.dtype must be one of 'float32', 'int32', got 'int8'"],
    [{ shape: 3 }, 'inputSpec.shape must be the lengths of a batch, null where any goes, got 3'],
    [
      { shape: [null, 0] },
      'inputSpec.shape must be the lengths of a batch, null where any goes, got [null, 0]',
    ],
    [{ dtpye: 'int32' }, 'inputSpec must be { shape?, dtype? }, got { dtpye }'],
  ])('refuses inputSpec %p', (wrong, message) => {
    expect(() => vanillaGradient(wrapped(), x(), 0, { inputSpec: wrong as object })).toThrow(
      `vanillaGradient: ${message}`,
    );
  });
});

describeOnEachBackend('a model of ids', () => {
  const TABLE = [0, 1, 2, 3, 4, 5, 6, 7].map((each) => Math.sin(each));
  const ids = () => tf.tensor2d([[3, 0, 2]]);

  function embedding() {
    const tokens = layersInput({ shape: [3] });
    const layer = tfl.embedding({
      inputDim: 4,
      outputDim: 2,
      weights: [tf.tensor2d(TABLE, [4, 2])],
      name: 'embedding',
    });
    const flat = tfl.flatten().apply(layer.apply(tokens)) as SymbolicTensor;
    const kernel = tf.tensor2d([1, -2, 3, -4, 5, -6], [6, 1]);
    const dense = tfl.dense({ units: 1, useBias: false, weights: [kernel] });
    return layersModel({ inputs: tokens, outputs: dense.apply(flat) as SymbolicTensor });
  }

  test('says that ids have no gradient, and to explain from the output of their embedding', () => {
    for (const model of [embedding(), (x: tf.Tensor) => embedding().predict(x) as tf.Tensor]) {
      expect(() => vanillaGradient(model, ids(), 0)).toThrow(GradientError);
      expect(() => vanillaGradient(model, ids(), 0)).toThrow(
        /ids have no gradient: explain from the output of their embedding/,
      );
    }
  });

  test('is explained so: a function that begins at the embedding, the kernel for its gradient', () => {
    const model = embedding();
    const [embedded, flatten, dense] = model.layers.slice(1) as [
      (typeof model.layers)[0],
      (typeof model.layers)[0],
      (typeof model.layers)[0],
    ];
    const vectors = embedded.apply(ids()) as tf.Tensor;
    expect(vectors.shape).toEqual([1, 3, 2]);
    const rest = (x: tf.Tensor) => dense.apply(flatten.apply(x)) as tf.Tensor;
    expectClose(vanillaGradient(rest, vectors, 0), [1, -2, 3, -4, 5, -6]);
  });
});
