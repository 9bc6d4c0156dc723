import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { vanillaGradient } from 'tfjs-saliency';
import { describeOnEachBackend } from '../../test/backends.js';
import { explainPrototype, prototypeClassifier } from './prototypes.js';

describeOnEachBackend('a classifier by prototypes', () => {
  test('its gradient is -2 W (x W - p), as the features are linear, with and without noise', () => {
    const features = sequential({
      layers: [
        layers.flatten({ inputShape: [2, 2, 1] }),
        layers.dense({ units: 3, useBias: false }),
      ],
    });
    const weights = tf.tensor2d([1, 0, 2, -1, 3, 0, 0, 1, 1, 2, -2, 1], [4, 3]);
    features.setWeights([weights]);
    const prototypes = tf.tensor2d([0, 0, 0, 1, 2, 3], [2, 3]);
    const photo = tf.tensor4d([1, -1, 2, 0], [1, 2, 2, 1]);
    // x W = [2, -1, 4], less the second prototype [1, -3, 1], times -2 [-2, 6, -2]; then by each
    // row of W.
    const expected = [-6, 20, 4, -18];
    const classifier = prototypeClassifier(features, prototypes);

    const before = tf.memory().numTensors;
    const gradient = vanillaGradient(classifier, photo, 1);
    expect(gradient.shape).toEqual([1, 2, 2, 1]);
    expect([...gradient.dataSync()]).toEqual(expected);

    const map = explainPrototype(classifier, photo, 1);
    expect(tf.memory().numTensors).toBe(before + 2);
    expect(map.shape).toEqual([1, 2, 2]);
    // Of a linear gradient, opposite noises cancel.
    map.dataSync().forEach((value, i) => {
      expect(value).toBeCloseTo(Math.abs(expected[i]!), 4);
    });
    tf.dispose([gradient, map, weights, prototypes, photo]);
    features.dispose();
  });
});
