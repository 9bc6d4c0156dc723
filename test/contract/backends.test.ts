// Oracle: the same call on wasm with the library's own kernels, of which all other laws are tested.
import * as tf from '@tensorflow/tfjs-core';
import { smooth } from 'tfjs-saliency';
import { backends, expectNoLeak } from '../backends.js';
import { expectClose } from '../method/expectClose.js';
import { asFunction, images } from './classifier.js';
import type { Classifier } from './classifier.js';
import { METHODS } from './methods.js';

const others = [
  ...backends.filter((backend) => backend !== 'wasm').map((backend) => [backend, {}] as const),
  ['wasm', { kernels: 'tfjs' }] as const,
];

describe.each(METHODS)('%s', (_, { attribute, quick }) => {
  let classifier: Classifier;
  let x: tf.Tensor;
  beforeAll(async () => {
    await tf.setBackend('wasm');
    classifier = asFunction();
    x = images(2);
  });
  afterAll(() => {
    x.dispose();
    classifier.dispose();
  });

  // An option of smoothing's name is one of both.
  const smoothing = { ...quick, samples: 2, seed: 1, noiseLevel: 0.1 };
  const calls = (more: object): (() => tf.Tensor)[] => [
    () => attribute(classifier.model, x, 'argmax', { ...quick, ...more }),
    () => smooth(attribute)(classifier.model, x, [[1], [2]], { ...smoothing, ...more }),
  ];

  test.each(others)(
    'gives the same on %s, %j, and leaves no tensor there',
    async (backend, more) => {
      await tf.setBackend('wasm');
      const expected = calls({}).map((call) => call().dataSync());
      await tf.setBackend(backend);
      calls(more).forEach((call, i) => {
        expectClose(call(), expected[i]!, 1e-4);
        expectNoLeak(call);
      });
    },
  );
});
