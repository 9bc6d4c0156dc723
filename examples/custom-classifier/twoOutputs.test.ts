import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model as buildModel } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { vanillaGradient } from 'tfjs-saliency';
import { describeOnEachBackend } from '../../test/backends.js';
import { explainBoth } from './twoOutputs.js';

describeOnEachBackend('a model with two outputs', () => {
  // Softmax on the classes: the score that is explained is the number before it, whose gradient is
  // a column of weights.
  const classWeights = [1, 2, 3, 4, 5, 6, 7, 8];
  const boxWeights = Array.from({ length: 16 }, (_, i) => 100 + i);

  function build() {
    const photo = input({ shape: [2, 2, 1] });
    const pixels = layers.flatten().apply(photo) as SymbolicTensor;
    const head = (name: string, units: number, activation: 'softmax' | 'linear') =>
      layers.dense({ name, units, activation, useBias: false }).apply(pixels) as SymbolicTensor;
    const model = buildModel({
      inputs: photo,
      outputs: [head('classes', 2, 'softmax'), head('box', 4, 'linear')],
    });
    const weights = [tf.tensor2d(classWeights, [4, 2]), tf.tensor2d(boxWeights, [4, 4])];
    model.setWeights(weights);
    tf.dispose(weights);
    return model;
  }

  test('each has its own gradient, and nothing else stays', () => {
    const model = build();
    const photo = tf.tensor3d([0.5, 0.25, 0, 1], [2, 2, 1]);
    const before = tf.memory().numTensors;
    const { forClass, forLeft } = explainBoth(model, photo, 1);
    expect(tf.memory().numTensors).toBe(before + 2);
    expect(forClass.shape).toEqual([2, 2, 1]);
    expect([...forClass.dataSync()]).toEqual([2, 4, 6, 8]);
    expect([...forLeft.dataSync()]).toEqual([100, 104, 108, 112]);
    tf.dispose([photo, forClass, forLeft]);
    model.dispose();
  });

  test('without a name the library does not guess', () => {
    const model = build();
    const photo = tf.zeros([2, 2, 1]);
    expect(() => vanillaGradient(model, photo, 1)).toThrow(
      new TypeError(
        'vanillaGradient: model has 2 outputs (classes, box); choose one with the option output',
      ),
    );
    photo.dispose();
    model.dispose();
  });
});
