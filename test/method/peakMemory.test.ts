// Oracle: the engine's own count at every tensor that is made, whose greatest value may not depend
// on the number of samples.
import * as tf from '@tensorflow/tfjs-core';
import type { SmoothGradOptions } from 'tfjs-saliency';
import {
  integratedGradients,
  smooth,
  smoothGrad,
  smoothGradAsync,
  smoothGradSteps,
} from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';

interface CountingEngine {
  trackTensor(tensor: tf.Tensor, backend: unknown): void;
  state: { numTensors: number; numBytes: number };
}

interface Peak {
  tensors: number;
  bytes: number;
}

/** The most tensors and bytes at any moment of a run, beyond those before it. */
async function peakOf(run: () => unknown): Promise<Peak> {
  const engine = tf.engine() as unknown as CountingEngine;
  const { state } = engine;
  const { trackTensor } = engine;
  const before = { ...state };
  const peak = { tensors: 0, bytes: 0 };
  engine.trackTensor = (tensor, backend) => {
    trackTensor.call(engine, tensor, backend);
    peak.tensors = Math.max(peak.tensors, state.numTensors - before.numTensors);
    peak.bytes = Math.max(peak.bytes, state.numBytes - before.numBytes);
  };
  try {
    await run();
  } finally {
    Reflect.deleteProperty(engine, 'trackTensor');
  }
  return peak;
}

const image = () => tf.randomUniform([6, 6, 3], 0, 1, 'float32', 1);

/** [n, 6, 6, 3] -> [n, 3] */
const model = {
  inputs: [{ shape: [null, 6, 6, 3] }],
  predict: (x: tf.Tensor) => {
    const filter = tf.randomNormal([3, 3, 3, 4], 0, 1, 'float32', 2) as tf.Tensor4D;
    const hidden = tf.relu(tf.conv2d(x as tf.Tensor4D, filter, 2, 'same'));
    return tf.softmax(tf.slice(tf.mean(hidden, [1, 2]), [0, 0], [-1, 3]));
  },
};

const OPTIONS: [string, SmoothGradOptions][] = [
  ['the mean', {}],
  ['the mean square of channels', { statistic: 'meanSquare', aggregate: 'maxAbs' }],
  ['the variance, antithetic', { statistic: 'variance', antithetic: true }],
  ["every sample's own class", { perSampleArgmax: true, noise: 'uniform' }],
  ['passes of less than one sample', { batchSize: 1 }],
];

describeOnEachBackend('the peak of memory is the same for 10 and for 100 samples', () => {
  /** Of a run of so many samples, which frees its results. */
  async function expectSamePeak(run: (samples: number) => unknown): Promise<void> {
    const few = await peakOf(() => run(10));
    expect(few.tensors).toBeGreaterThan(5);
    expect(await peakOf(() => run(100))).toEqual(few);
  }

  test.each(OPTIONS)('%s', async (_, options) => {
    const x = image();
    await expectSamePeak((samples) => {
      smoothGrad(model, x, 'argmax', { samples, seed: 1, batchSize: 4, ...options }).dispose();
    });
  });

  test('a long run', async () => {
    const x = image();
    await expectSamePeak(async (samples) => {
      const options = { samples, seed: 1, batchSize: 4, onProgress: () => undefined };
      (await smoothGradAsync(model, x, 'argmax', options)).dispose();
    });
  });

  test.each([true, false])(
    'steps with their standard error, antithetic: %p',
    async (antithetic) => {
      const x = image();
      await expectSamePeak(async (samples) => {
        const options = { samples, seed: 1, batchSize: 4, standardError: true, antithetic };
        for await (const { map, standardError } of smoothGradSteps(model, x, 'argmax', options)) {
          map.dispose();
          standardError!.dispose();
        }
      });
    },
  );

  test('several classes of several images', async () => {
    const x = tf.stack([image(), image()]);
    const classes = [
      [0, 1],
      [2, 0],
    ];
    await expectSamePeak((samples) => {
      smoothGrad(model, x, classes, { samples, seed: 1, batchSize: 4 }).dispose();
    });
  });

  test('steps of integrated gradients, alone and smoothed', async () => {
    const x = image();
    await expectSamePeak((steps) => {
      integratedGradients(model, x, 0, { steps, batchSize: 4 }).dispose();
    });
    await expectSamePeak((samples) => {
      smooth(integratedGradients)(model, x, 0, {
        samples,
        seed: 1,
        steps: 2,
        batchSize: 4,
      }).dispose();
    });
  });
});
