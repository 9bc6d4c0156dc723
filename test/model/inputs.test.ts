// Oracle: a dense last layer, whose gradient by its input is a column of its kernel; the input's
// shape is the result's.
import * as tf from '@tensorflow/tfjs-core';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import {
  input as layersInput,
  layers as tfl,
  model as layersModel,
  sequential,
} from '@tensorflow/tfjs-layers';
import type { Model } from 'tfjs-saliency';
import { createPreprocessing, GradientError, smoothGrad, vanillaGradient } from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';
import { expectClose } from '../method/expectClose.js';
import { expectError } from '../method/expectError.js';

const kernel = (inputs: number, classes: number) =>
  tf.randomNormal([inputs, classes], 0, 1, 'float32', 1) as tf.Tensor2D;
const column = (inputs: number, classes: number, c: number) =>
  tf.squeeze(tf.slice(kernel(inputs, classes), [0, c], [inputs, 1]), [1]).dataSync();

/** Flattening, then logits of 3 classes, then their softmax. */
function classifier(shape: number[]): Model {
  const size = tf.util.sizeFromShape(shape);
  return sequential({
    layers: [
      tfl.reshape({ targetShape: [size], inputShape: shape }),
      tfl.dense({ units: 3, activation: 'softmax', useBias: false, weights: [kernel(size, 3)] }),
    ],
  });
}

const SHAPES: [string, number[]][] = [
  ['features', [5]],
  ['time and mel', [6, 4]],
  ['a gray image', [4, 4, 1]],
  ['an image', [4, 4, 3]],
  ['a video', [2, 3, 3, 3]],
];

describeOnEachBackend('inputs', () => {
  describe.each(SHAPES)('%s', (_, shape) => {
    const size = tf.util.sizeFromShape(shape);
    const ones = (...batch: number[]) =>
      tf.reshape(tf.range(0, size * (batch[0] ?? 1)), [...batch, ...shape]);

    test('without batch dimension: a result without', () => {
      for (const map of [
        vanillaGradient(classifier(shape), ones(), 1),
        smoothGrad(classifier(shape), ones(), 1, { samples: 2 }),
      ]) {
        expect(map.shape).toEqual(shape);
        expectClose(map, column(size, 3, 1));
      }
    });

    test('a batch of several, with one class each: one result each', () => {
      for (const method of [vanillaGradient, smoothGrad]) {
        const map = method(classifier(shape), ones(2), [2, 0]);
        expect(map.shape).toEqual([2, ...shape]);
        expectClose(map, [...column(size, 3, 2), ...column(size, 3, 0)]);
      }
    });

    test('a batch of one: a result with that dimension', () => {
      const map = vanillaGradient(classifier(shape), ones(1), 1);
      expect(map.shape).toEqual([1, ...shape]);
    });
  });

  test('of other types are taken as float32', () => {
    for (const dtype of ['int32', 'bool'] as const) {
      const map = vanillaGradient(classifier([5]), tf.ones([5], dtype), 1);
      expect(map.dtype).toBe('float32');
      expectClose(map, column(5, 3, 1));
    }
  });

  test('of a plain function: rank 1 is one input, any other rank a batch', () => {
    const f = (x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, kernel(5, 3));
    expect(vanillaGradient(f, tf.ones([5]), 1).shape).toEqual([5]);
    expect(vanillaGradient(f, tf.ones([2, 5]), 1).shape).toEqual([2, 5]);
  });

  test('of a model without declared shape: as of a function', () => {
    const model = { predict: (x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, kernel(5, 3)) };
    expect(vanillaGradient(model, tf.ones([5]), 1).shape).toEqual([5]);
    expect(vanillaGradient(model, tf.ones([1, 5]), 1).shape).toEqual([1, 5]);
  });

  test('images with a preset: of any size, with and without batch dimension, or as pixels', () => {
    const preprocess = createPreprocessing({ inputSize: [4, 4] });
    const pixels = { data: new Uint8ClampedArray(4 * 9 * 5).fill(7), width: 9, height: 5 };
    const shapes = [tf.ones([7, 5, 3]), tf.ones([1, 7, 5, 3]), tf.ones([2, 7, 5, 3]), pixels].map(
      (image) => vanillaGradient(classifier([4, 4, 3]), image, 1, { preprocess }).shape,
    );
    expect(shapes).toEqual([
      [4, 4, 3],
      [1, 4, 4, 3],
      [2, 4, 4, 3],
      [4, 4, 3],
    ]);
  });

  test("stay the caller's, unchanged", () => {
    const x = tf.tensor1d([1, 2, 3, 4, 5]);
    smoothGrad(classifier([5]), x, 1).dispose();
    vanillaGradient(classifier([5]), x, 1).dispose();
    expect([...x.dataSync()]).toEqual([1, 2, 3, 4, 5]);
  });
});

describeOnEachBackend('a LayersModel', (backend) => {
  const twoHeads = () => {
    const input = layersInput({ shape: [4] });
    const outputs = ['animal', 'colour'].map((name, i) => {
      const dense = tfl.dense({
        name,
        units: 3 + i,
        activation: 'softmax',
        useBias: false,
        weights: [kernel(4, 3 + i)],
      });
      return dense.apply(input) as SymbolicTensor;
    });
    return layersModel({ inputs: input, outputs: outputs as never });
  };
  const x = () => tf.ones([4]);

  test('of several outputs has them by name and by index', () => {
    for (const output of ['colour', 1]) {
      expect(vanillaGradient(twoHeads(), x(), 3, { output }).dataSync()).toEqual(column(4, 4, 3));
    }
    expect(vanillaGradient(twoHeads(), x(), 2, { output: 0 }).dataSync()).toEqual(column(4, 3, 2));
  });

  test('of several outputs has to be told which, and how many classes it has', () => {
    const choose =
      'vanillaGradient: model has 2 outputs (animal, colour); choose one with the option output';
    expectError(() => vanillaGradient(twoHeads(), x(), 0), TypeError, choose);
    const unknown =
      "vanillaGradient: output must be the name of an output ('animal', 'colour') or of a node of the model, got 'size'";
    expectError(() => vanillaGradient(twoHeads(), x(), 0, { output: 'size' }), RangeError, unknown);
    const classes = "vanillaGradient: classIndex must be less than the model's 3 outputs, got 3";
    expectError(
      () => vanillaGradient(twoHeads(), x(), 3, { output: 'animal' }),
      RangeError,
      classes,
    );
  });

  test('of more rows than its predict takes at once (32) is one pass all the same', () => {
    let passes = 0;
    const model = classifier([5]) as Exclude<Model, (x: tf.Tensor) => unknown>;
    const counted = {
      inputs: model.inputs!,
      outputs: model.outputs!,
      predict(input: tf.Tensor, config?: { batchSize?: number }) {
        passes++;
        return model.predict(input, config);
      },
    };
    const map = vanillaGradient(counted, tf.randomNormal([80, 5]), 1);
    expect(passes).toBe(1);
    expectClose(map, Array.from({ length: 80 }, () => [...column(5, 3, 1)]).flat());
  });

  test('that begins with an embedding has no gradient by its whole numbers, and says so', () => {
    const model = sequential({
      layers: [
        tfl.embedding({ inputDim: 9, outputDim: 4, inputLength: 3 }),
        tfl.flatten(),
        tfl.dense({ units: 2 }),
      ],
    });
    expectError(
      () => vanillaGradient(model, tf.tensor1d([1, 2, 3]), 0),
      GradientError,
      `vanillaGradient: the score does not depend on the input on backend '${backend}': every path between them ends in ` +
        `an op without a gradient (Cast); return a value that tfjs ops compute from the input; ` +
        'ids have no gradient: explain from the output of their embedding (the option output, or a ' +
        "function that begins there); for a model of int32 inputs give inputSpec: { dtype: 'int32' }",
    );
  });

  test('with dropout is differentiated as it predicts, not as it trains', () => {
    const model = sequential({
      layers: [
        tfl.dropout({ rate: 0.9, inputShape: [5] }),
        tfl.dense({ units: 3, useBias: false, weights: [kernel(5, 3)] }),
      ],
    });
    expect(vanillaGradient(model, tf.ones([5]), 1).dataSync()).toEqual(column(5, 3, 1));
  });
});
