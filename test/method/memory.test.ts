// A call leaves one tensor more than it found, its result; a call that throws leaves none; and tfjs
// is as it was.
import * as tf from '@tensorflow/tfjs-core';
import { layers as tfl, sequential } from '@tensorflow/tfjs-layers';
import type { Model, SmoothGradOptions, VanillaGradientOptions } from 'tfjs-saliency';
import { createPreprocessing, GradientError, smoothGrad, vanillaGradient } from 'tfjs-saliency';
import { describeOnEachBackend, expectNoLeak } from '../backends.js';
import { expectError } from './expectError.js';

const preprocess = createPreprocessing({ inputSize: [6, 6] });

function convolutional(): Model {
  return sequential({
    layers: [
      tfl.conv2d({
        inputShape: [6, 6, 3],
        filters: 4,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        activation: 'relu',
      }),
      tfl.batchNormalization(),
      tfl.depthwiseConv2d({ kernelSize: 3, padding: 'same' }),
      tfl.maxPooling2d({ poolSize: 2, strides: 1, padding: 'same' }),
      tfl.globalAveragePooling2d({}),
      tfl.dense({ units: 5, activation: 'softmax' }),
    ],
  });
}

const OPTIONS: [string, SmoothGradOptions][] = [
  ['the defaults', {}],
  ['every score', { score: 'output' }],
  ['cross-entropy', { score: 'crossEntropy' }],
  ['log probability', { score: 'logProbability' }],
  ['a function as score', { score: (outputs) => tf.sum(tf.square(outputs), 1) }],
  ['small batches', { batchSize: 2 }],
  ['the variance of aggregated samples', { statistic: 'variance', aggregate: 'l2' }],
  ['antithetic uniform noise', { noise: 'uniform', antithetic: true }],
  ['every sample its own class', { perSampleArgmax: true }],
  ['a preset, clipped', { preprocess, clip: true }],
];

describeOnEachBackend('memory', (backend) => {
  let model: Model;
  let image: tf.Tensor;
  let batch: tf.Tensor;

  beforeAll(() => {
    model = convolutional();
    image = tf.randomUniform([6, 6, 3], 0, 255, 'float32', 1);
    batch = tf.randomUniform([2, 6, 6, 3], 0, 255, 'float32', 1);
  });

  /** What a call may not change in tfjs. */
  const state = () => {
    const engine = tf.engine() as unknown as Record<string, unknown>;
    return {
      tensors: tf.memory().numTensors,
      dataBuffers: tf.memory().numDataBuffers,
      own: Object.getOwnPropertyNames(engine).filter((name) => typeof engine[name] === 'function'),
      runKernel: engine['runKernel'],
      customGrad: engine['customGrad'],
      kernels: tf.getKernelsForBackend(backend).length,
    };
  };

  test.each(OPTIONS)('smoothGrad with %s', (_, options) => {
    for (const input of [image, batch])
      expectNoLeak(() => smoothGrad(model, input, 'argmax', { samples: 4, ...options }));
  });

  test.each(OPTIONS.slice(0, 5))('vanillaGradient with %s', (_, options) => {
    for (const input of [image, batch]) {
      expectNoLeak(() =>
        vanillaGradient(model, input, 'argmax', options as VanillaGradientOptions),
      );
    }
  });

  test('the result survives no tidy around it that does not return it, and one that does', () => {
    const before = tf.memory().numTensors;
    const kept = tf.tidy(() => {
      vanillaGradient(model, image, 0);
      smoothGrad(model, image, 0, { samples: 2 });
      return smoothGrad(model, image, 0, { samples: 2 });
    });
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(kept.dataSync()).toHaveLength(108);
    kept.dispose();
  });

  test('a call leaves tfjs as it was', () => {
    const before = state();
    vanillaGradient(model, image, 0).dispose();
    smoothGrad(model, image, 'argmax', { samples: 3 }).dispose();
    expect(state()).toEqual(before);
  });

  const broken: [string, (x: tf.Tensor) => tf.Tensor, string | RegExp][] = [
    [
      'a model that throws in the middle',
      (x) => {
        tf.square(tf.exp(x));
        throw new Error('out of luck');
      },
      'out of luck',
    ],
    [
      'a model of wrong shapes',
      (x) => tf.matMul(tf.exp(x) as tf.Tensor2D, tf.ones([999, 2])),
      /inner shapes/,
    ],
    [
      'a constant',
      (x) => tf.tidy(() => tf.zeros([x.shape[0]!, 3])),
      /does not depend on the input/,
    ],
    [
      'a value out of tfjs',
      (x) => tf.tensor2d([...x.dataSync()], [x.shape[0]!, 108]),
      /does not depend on the input/,
    ],
  ];

  test.each(broken)('nothing is left behind by %s', (_, f, message) => {
    const before = state();
    for (const input of [image, batch]) {
      const rows = tf.tidy(() => tf.reshape(input, [-1, 6, 6, 3]));
      expect(() => vanillaGradient(f, rows, 0)).toThrow(message);
      expect(() => smoothGrad(f, rows, 'argmax', { samples: 3 })).toThrow(message);
      rows.dispose();
    }
    expect(state()).toEqual(before);
  });

  test('nothing is left behind when the way back meets an op without gradient', () => {
    const kernelName = 'Mystery';
    tf.registerKernel({
      kernelName,
      backendName: backend,
      kernelFunc: ({ inputs }) => tf.exp(inputs['x'] as tf.Tensor),
    });
    try {
      const f = (x: tf.Tensor) =>
        tf.sum(tf.square(tf.engine().runKernel(kernelName, { x: tf.exp(x) }) as tf.Tensor), [1, 2]);
      const small = tf.mul(batch, 0);
      const before = state();
      for (const [name, method] of Object.entries({ vanillaGradient, smoothGrad })) {
        const options = name === 'smoothGrad' ? { stdDev: 0.1 } : {};
        const error = expectError(
          () => method(f, small, 0, options),
          GradientError,
          `${name}: the gradient of Mystery is not known on backend '${backend}': give one with the option ` +
            `gradients, give that part of the model one with tf.customGrad, or choose an output before it`,
        );
        expect(error.op).toBe(kernelName);
      }
      expect(state()).toEqual(before);
      small.dispose();
    } finally {
      tf.unregisterKernel(kernelName, backend);
    }
  });

  test('nothing is left behind by a score function that throws, or a noise', () => {
    const fail = () => {
      throw new Error('no score');
    };
    const before = state();
    expect(() => vanillaGradient(model, image, 0, { score: fail })).toThrow('no score');
    expect(() => smoothGrad(model, image, 0, { score: fail })).toThrow('no score');
    expect(() => smoothGrad(model, image, 'argmax', { noise: fail })).toThrow('no score');
    expect(state()).toEqual(before);
  });

  test('nothing is left behind when the failure comes after some samples', () => {
    let runs = 0;
    const f = (x: tf.Tensor) => {
      if (++runs === 3) throw new Error('too warm');
      return tf.sum(tf.square(x), [1, 2]);
    };
    const before = state();
    expect(() =>
      smoothGrad(f, batch, 0, { samples: 8, batchSize: 2, statistic: 'variance' }),
    ).toThrow('too warm');
    expect(runs).toBe(3);
    expect(state()).toEqual(before);
  });

  test('an error of the gradient is a GradientError that names the function', () => {
    expect(() => smoothGrad(() => tf.ones([1, 2]), batch, 0, { samples: 1 })).toThrow(
      GradientError,
    );
    expect(() => smoothGrad(() => tf.ones([1, 2]), batch, 0, { samples: 1 })).toThrow(
      /^smoothGrad: /,
    );
  });
});
