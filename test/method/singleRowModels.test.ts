// Oracle: linear models, of which smoothGrad is the kernel and integratedGradients the kernel times
// the input; functions that take one row only need no option.
import * as tf from '@tensorflow/tfjs-core';
import { input as layersInput, layers as tfl, model as layersModel } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import {
  guidedBackprop,
  integratedGradients,
  smooth,
  smoothGrad,
  smoothGradAsync,
  vanillaGradient,
} from 'tfjs-saliency';
import { random } from '../conformance/case.js';
import { describeOnEachBackend } from '../backends.js';
import { expectClose } from './expectClose.js';

const SIZE = 8 * 8 * 3;
const OTHERS = 5;
const CLASSES = 3;
const KERNEL = random((SIZE + OTHERS) * CLASSES, 1);
const column = (classIndex: number) =>
  Array.from({ length: SIZE }, (_, i) => KERNEL[i * CLASSES + classIndex]!);

describeOnEachBackend('a function that takes one row only', () => {
  const image = () => tf.tensor(random(SIZE, 2), [1, 8, 8, 3]);

  /** Two inputs, an image and five numbers. */
  function twoInputs() {
    const photo = layersInput({ shape: [8, 8, 3] });
    const other = layersInput({ shape: [OTHERS] });
    const flat = tfl.flatten().apply(photo) as SymbolicTensor;
    const joined = tfl.concatenate().apply([flat, other]) as SymbolicTensor;
    const kernel = tf.tensor2d(KERNEL, [SIZE + OTHERS, CLASSES]);
    const dense = tfl.dense({ units: CLASSES, useBias: false, weights: [kernel] });
    return layersModel({ inputs: [photo, other], outputs: dense.apply(joined) as SymbolicTensor });
  }

  const WRAPPED: [string, () => (x: tf.Tensor) => tf.Tensor][] = [
    [
      'x => model.predict([x, other])',
      () => {
        const model = twoInputs();
        const other = tf.ones([1, OTHERS]);
        return (x) => model.predict([x, other]) as tf.Tensor;
      },
    ],
    [
      'x => reshape(x, [1, 192])',
      () => (x) =>
        tf.matMul(
          tf.reshape(x, [1, SIZE]) as tf.Tensor2D,
          tf.tensor2d(KERNEL.slice(0, SIZE * CLASSES), [SIZE, CLASSES]),
        ),
    ],
  ];

  describe.each(WRAPPED)('%s', (_, wrap) => {
    test('is explained by every method without an option', async () => {
      const model = wrap();
      for (const classIndex of [0, 2]) {
        const weights = column(classIndex);
        const products = [...image().dataSync()].map((value, i) => value * weights[i]!);
        const options = { samples: 6, seed: 1 };
        expectClose(vanillaGradient(model, image(), classIndex), weights);
        expectClose(guidedBackprop(model, image(), classIndex), weights);
        expectClose(smoothGrad(model, image(), classIndex, options), weights);
        expectClose(await smoothGradAsync(model, image(), classIndex, options), weights);
        expectClose(integratedGradients(model, image(), classIndex, { steps: 5 }), products, 1e-5);
        expectClose(
          smooth(integratedGradients)(model, image(), classIndex, {
            samples: 1,
            stdDev: 0,
            steps: 2,
          }),
          products,
          1e-5,
        );
      }
    });

    test('also of a batch of images, each by itself', () => {
      const model = wrap();
      const batch = tf.concat([image(), tf.mul(image(), 2)]);
      expectClose(vanillaGradient(model, batch, [1, 2]), [...column(1), ...column(2)]);
    });

    test('with batchSize: 4 throws an error that names batchSize', () => {
      const model = wrap();
      const options = { batchSize: 4, samples: 4, seed: 1 };
      expect(() => smoothGrad(model, image(), 0, options)).toThrow(/batchSize/);
      expect(() => integratedGradients(model, image(), 0, { batchSize: 4, steps: 4 })).toThrow(
        /batchSize/,
      );
    });
  });
});
