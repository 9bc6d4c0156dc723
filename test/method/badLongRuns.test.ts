// The wrong arguments that only the asynchronous functions have: a rejection with its own message,
// before the model runs.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { SmoothGradStepsOptions } from 'tfjs-saliency';
import { smoothGradAsync, smoothGradSteps } from 'tfjs-saliency';

let runs = 0;
const model = (x: tf.Tensor): tf.Tensor => {
  runs++;
  return x;
};
const image = tf.tensor1d([1, 2, 3]);

const run = (options: object) => smoothGradAsync(model, image, 0, options);
const step = (options: object) =>
  smoothGradSteps(model, image, 0, options as SmoothGradStepsOptions).next();

const CASES: [() => Promise<unknown>, typeof TypeError | typeof RangeError, string][] = [
  [
    () => run({ samples: 0 }),
    RangeError,
    'smoothGradAsync: samples must be a positive integer, got 0',
  ],
  [
    () => run({ at: [1] }),
    TypeError,
    "smoothGradAsync: unknown option 'at', known are preprocess, score, output, batchSize, inputSpec, gradients, kernels, samples, noiseLevel, stdDev, noise, seed, statistic, aggregate, antithetic, perSampleArgmax, clip, onProgress, signal, until, reliabilityOf, maxSamples",
  ],
  [
    () => smoothGradAsync(model, image, 3),
    RangeError,
    "smoothGradAsync: classIndex must be less than the model's 3 outputs, got 3",
  ],
  [
    () => run({ onProgress: 'log' }),
    TypeError,
    "smoothGradAsync: onProgress must be a function, got 'log'",
  ],
  [
    () => run({ signal: new AbortController() }),
    TypeError,
    'smoothGradAsync: signal must be an AbortSignal, got an AbortController',
  ],
  [
    () => run({ until: '0.9' }),
    TypeError,
    "smoothGradAsync: until must be a number > 0 and < 1, got '0.9'",
  ],
  [
    () => run({ until: 90 }),
    RangeError,
    'smoothGradAsync: until must be a number > 0 and < 1, got 90',
  ],
  [
    () => run({ until: 0 }),
    RangeError,
    'smoothGradAsync: until must be a number > 0 and < 1, got 0',
  ],
  [
    () => run({ until: 0.9, samples: 9 }),
    TypeError,
    'smoothGradAsync: until must be given with maxSamples, not samples',
  ],
  [() => run({ maxSamples: 9 }), TypeError, 'smoothGradAsync: maxSamples must be given with until'],
  [
    () => run({ until: 0.9, maxSamples: 1.5 }),
    RangeError,
    'smoothGradAsync: maxSamples must be a positive integer, got 1.5',
  ],
  [
    () => step({ sample: 1 }),
    TypeError,
    "smoothGradSteps: unknown option 'sample', did you mean 'samples'?",
  ],
  [
    () => step({ at: 3 }),
    TypeError,
    'smoothGradSteps: at must be an array of numbers of samples, got 3',
  ],
  [
    () => step({ at: [] }),
    TypeError,
    'smoothGradSteps: at must be an array of numbers of samples, got []',
  ],
  [
    () => step({ at: [1, 0] }),
    RangeError,
    'smoothGradSteps: at[1] must be a positive integer, got 0',
  ],
  [
    () => step({ at: [1, 3, 3] }),
    RangeError,
    'smoothGradSteps: at must be increasing, got [1, 3, 3]',
  ],
  [
    () => step({ at: [1, 9], samples: 5 }),
    RangeError,
    'smoothGradSteps: at must be at most samples (5), got [1, 9]',
  ],
  [
    () => step({ at: [9], antithetic: true }),
    RangeError,
    'smoothGradSteps: samples must be even when antithetic, got 9',
  ],
  [
    () => step({ standardError: 1 }),
    TypeError,
    'smoothGradSteps: standardError must be true or false, got 1',
  ],
  [
    () => step({ standardError: true, statistic: 'variance' }),
    RangeError,
    "smoothGradSteps: statistic must be a mean when standardError, got 'variance'",
  ],
];

test.each(CASES.map(([call, error, message]) => [message, call, error] as const))(
  '%s',
  async (message, call, error) => {
    runs = 0;
    const before = tf.memory().numTensors;
    const thrown: unknown = await call().catch((reason: unknown) => reason);
    expect(thrown).toBeInstanceOf(error);
    expect((thrown as Error).message).toBe(message);
    expect(tf.memory().numTensors).toBe(before);
    // How many outputs a plain function has is known only once it has run.
    expect(runs).toBe(message.includes("the model's 3 outputs") ? 1 : 0);
  },
);
