// Every wrong argument throws its own message, of its own class, before the model runs, and leaves
// no tensor behind.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { SmoothGradOptions, VanillaGradientOptions } from 'tfjs-saliency';
import { aggregateChannels, smoothGrad, vanillaGradient, vgg16 } from 'tfjs-saliency';
import { expectError } from './expectError.js';

let runs = 0;

/** A model that declares what LayersModel and GraphModel declare. */
const model = {
  predict: (x: tf.Tensor): tf.Tensor => {
    runs++;
    return tf.reshape(tf.sum(x, -1), [x.shape[0]!, -1]);
  },
  inputs: [{ name: 'image', shape: [null, 4, 4, 3] }],
  outputs: [{ name: 'classes', shape: [null, 16] }],
  outputNames: ['classes'],
};
const threeAxes = (x: tf.Tensor): tf.Tensor => x;

const image = tf.randomUniform([4, 4, 3], 0, 1, 'float32', 1);
const batch = tf.randomUniform([2, 4, 4, 3], 0, 1, 'float32', 1);
const flat = tf.ones([4, 4, 3]);
const empty = tf.zeros([0, 4, 4, 3]);
const vector = tf.ones([5]);
const scalar = tf.scalar(1);
const strings = tf.tensor(['a', 'b']);
const disposed = tf.ones([4, 4, 3]);
disposed.dispose();

/** Arguments of any type, as JavaScript lets them come. */
const vanilla = (m: unknown, input: unknown, classIndex: unknown, options?: unknown) => () =>
  vanillaGradient(
    m as never,
    input as never,
    classIndex as never,
    options as VanillaGradientOptions,
  );
const option =
  (options: object, classIndex: unknown = 0) =>
  () =>
    smoothGrad(model, image, classIndex as never, options as SmoothGradOptions);
const noise = (value: unknown) => option({ noise: () => value as tf.Tensor });

const INDEX =
  "a class index, an array of one (or of a list) per image, { for, against }, { against } or 'argmax'";
const SCORES = "'logit', 'output', 'logProbability', 'crossEntropy'";
const CHANNELS = "'maxAbs', 'sumAbs', 'l2', 'sum', 'mean', 'max', 'positive', 'negative'";

const CASES: [() => unknown, typeof TypeError | typeof RangeError, string][] = [
  // The model.
  [
    vanilla(undefined, image, 0),
    TypeError,
    'vanillaGradient: model must be a function or an object with a predict method, got undefined',
  ],
  [
    vanilla({ classify: 1 }, image, 0),
    TypeError,
    'vanillaGradient: model must be a function or an object with a predict method, got { classify }',
  ],
  [
    vanilla('vgg16', image, 0),
    TypeError,
    "vanillaGradient: model must be a function or an object with a predict method, got 'vgg16'",
  ],
  [
    vanilla({ ...model, inputs: [{ name: 'a' }, { name: 'b' }] }, image, 0),
    TypeError,
    'vanillaGradient: model must have one input, got 2 (a, b); fix the others in a function, x => model.predict([x, ...])',
  ],

  // The input.
  [
    vanilla(model, undefined, 0),
    TypeError,
    'vanillaGradient: input must be a tensor, got undefined',
  ],
  [
    vanilla(model, [1, 2, 3], 0),
    TypeError,
    'vanillaGradient: input must be a tensor, got [1, 2, 3]',
  ],
  [
    vanilla(model, new Float32Array(3), 0),
    TypeError,
    'vanillaGradient: input must be a tensor, got a Float32Array',
  ],
  [
    vanilla(model, disposed, 0),
    TypeError,
    'vanillaGradient: input must be a live tensor, got a disposed one',
  ],
  [
    vanilla(model, strings, 0),
    TypeError,
    'vanillaGradient: input must be a numeric tensor, got dtype string',
  ],
  [
    vanilla(model, vector, 0),
    RangeError,
    'vanillaGradient: input must have shape [n, 4, 4, 3] or [4, 4, 3], got [5]',
  ],
  [
    vanilla(model, empty, 0),
    RangeError,
    'vanillaGradient: input must not be empty, got shape [0, 4, 4, 3]',
  ],
  [
    vanilla({ ...model, inputs: [{ shape: [-1, -1, 8] }] }, image, 0),
    RangeError,
    'vanillaGradient: input must have shape [n, ?, 8] or [?, 8], got [4, 4, 3]',
  ],
  [
    vanilla(model, image, 0, { preprocess: vgg16 }),
    RangeError,
    'vanillaGradient: the input after preprocessing with vgg16 must have shape [n, 4, 4, 3] or [4, 4, 3], got [1, 224, 224, 3]',
  ],

  // The class.
  [
    vanilla(model, image, undefined),
    TypeError,
    `vanillaGradient: classIndex must be ${INDEX}, got undefined`,
  ],
  [
    vanilla(model, image, 'cat'),
    TypeError,
    `vanillaGradient: classIndex must be ${INDEX}, got 'cat'`,
  ],
  [vanilla(model, image, '0'), TypeError, `vanillaGradient: classIndex must be ${INDEX}, got '0'`],
  [
    vanilla(model, batch, [0, '1']),
    TypeError,
    `vanillaGradient: classIndex must be ${INDEX}, got [0, '1']`,
  ],
  [
    vanilla(model, image, scalar),
    TypeError,
    `vanillaGradient: classIndex must be ${INDEX}, got a tensor of shape []`,
  ],
  [
    vanilla(model, image, -1),
    RangeError,
    'vanillaGradient: classIndex must be an integer >= 0, got -1',
  ],
  [
    vanilla(model, image, 1.5),
    RangeError,
    'vanillaGradient: classIndex must be an integer >= 0, got 1.5',
  ],
  [
    vanilla(model, image, NaN),
    RangeError,
    'vanillaGradient: classIndex must be an integer >= 0, got NaN',
  ],
  [
    vanilla(model, image, 16),
    RangeError,
    "vanillaGradient: classIndex must be less than the model's 16 outputs, got 16",
  ],
  [
    vanilla(model, batch, [0]),
    RangeError,
    'vanillaGradient: classIndex must be one class index (or list of them) for each of the 2 images, got [0]',
  ],
  [
    vanilla(model, batch, [[0, 1], [2]]),
    RangeError,
    'vanillaGradient: classIndex must be lists of the same number of classes, at least one, got [[0, 1], [2]]',
  ],
  [
    vanilla(model, image, [[]]),
    RangeError,
    'vanillaGradient: classIndex must be lists of the same number of classes, at least one, got [[]]',
  ],
  [
    vanilla(model, image, { for: 1 }),
    TypeError,
    `vanillaGradient: classIndex must be ${INDEX}, got { for }`,
  ],
  [
    vanilla(model, image, { for: 1, against: 2, or: 3 }),
    TypeError,
    `vanillaGradient: classIndex must be ${INDEX}, got { for, against, or }`,
  ],
  [
    vanilla(model, image, { for: 1, against: 99 }),
    RangeError,
    "vanillaGradient: classIndex must be less than the model's 16 outputs, got 99",
  ],
  [
    vanilla(model, image, { for: 1, against: 1 }),
    RangeError,
    'vanillaGradient: classIndex must be two different classes, for and against, got 1',
  ],

  // The options of all methods.
  [
    vanilla(model, image, 0, null),
    TypeError,
    'vanillaGradient: options must be an object, got null',
  ],
  [
    vanilla(model, image, 0, 'logit'),
    TypeError,
    "vanillaGradient: options must be an object, got 'logit'",
  ],
  [vanilla(model, image, 0, [1]), TypeError, 'vanillaGradient: options must be an object, got [1]'],
  [
    vanilla(model, image, 0, flat),
    TypeError,
    'vanillaGradient: options must be an object, got a tensor of shape [4, 4, 3]',
  ],
  [
    vanilla(model, image, 0, { samples: 9 }),
    TypeError,
    "vanillaGradient: unknown option 'samples', known are preprocess, score, output, batchSize, inputSpec, gradients, kernels",
  ],
  [
    vanilla(model, image, 0, { batchsize: 9 }),
    TypeError,
    "vanillaGradient: unknown option 'batchsize', did you mean 'batchSize'?",
  ],
  [
    option({ score: 'logits' }),
    RangeError,
    `smoothGrad: score must be one of ${SCORES}, got 'logits'`,
  ],
  [option({ score: 1 }), TypeError, `smoothGrad: score must be one of ${SCORES}, got 1`],
  [
    option({ output: null }),
    TypeError,
    "smoothGrad: output must be an output's name or index, got null",
  ],
  [
    option({ output: -1 }),
    RangeError,
    "smoothGrad: output must be an output's name or index, got -1",
  ],
  [
    option({ output: 1.5 }),
    RangeError,
    "smoothGrad: output must be an output's name or index, got 1.5",
  ],
  [option({ batchSize: 0 }), RangeError, 'smoothGrad: batchSize must be a positive integer, got 0'],
  [
    option({ batchSize: '8' }),
    TypeError,
    "smoothGrad: batchSize must be a positive integer, got '8'",
  ],
  [
    option({ preprocess: 'vgg16' }),
    TypeError,
    "smoothGrad: preprocess must be a preset such as vgg16, or one of createPreprocessing, got 'vgg16'",
  ],
  [
    option({ preprocess: null }),
    TypeError,
    'smoothGrad: preprocess must be a preset such as vgg16, or one of createPreprocessing, got null',
  ],

  // The options of smoothing.
  [
    option({ sample: 9 }),
    TypeError,
    "smoothGrad: unknown option 'sample', did you mean 'samples'?",
  ],
  [
    option({ noiselevel: 9 }),
    TypeError,
    "smoothGrad: unknown option 'noiselevel', did you mean 'noiseLevel'?",
  ],
  [option({ samples: 0 }), RangeError, 'smoothGrad: samples must be a positive integer, got 0'],
  [option({ samples: 2.5 }), RangeError, 'smoothGrad: samples must be a positive integer, got 2.5'],
  [
    option({ samples: Infinity }),
    RangeError,
    'smoothGrad: samples must be a positive integer, got Infinity',
  ],
  [
    option({ samples: '50' }),
    TypeError,
    "smoothGrad: samples must be a positive integer, got '50'",
  ],
  [
    option({ samples: null }),
    TypeError,
    'smoothGrad: samples must be a positive integer, got null',
  ],
  [
    option({ samples: 2 ** 20 + 1 }),
    RangeError,
    'smoothGrad: samples must be at most 1048576, got 1048577',
  ],
  [
    option({ noiseLevel: -0.1 }),
    RangeError,
    'smoothGrad: noiseLevel must be a finite number >= 0, got -0.1',
  ],
  [
    option({ noiseLevel: NaN }),
    RangeError,
    'smoothGrad: noiseLevel must be a finite number >= 0, got NaN',
  ],
  [
    option({ noiseLevel: '20%' }),
    TypeError,
    "smoothGrad: noiseLevel must be a finite number >= 0, got '20%'",
  ],
  [
    option({ stdDev: Infinity }),
    RangeError,
    'smoothGrad: stdDev must be a finite number >= 0, got Infinity',
  ],
  [
    option({ stdDev: null }),
    TypeError,
    'smoothGrad: stdDev must be a finite number >= 0, got null',
  ],
  [
    option({ stdDev: 1, noiseLevel: 0.1 }),
    TypeError,
    'smoothGrad: stdDev must be given without noiseLevel, got both',
  ],
  [
    option({ noise: 'poisson' }),
    RangeError,
    "smoothGrad: noise must be one of 'gaussian', 'uniform', got 'poisson'",
  ],
  [
    option({ noise: 3 }),
    TypeError,
    "smoothGrad: noise must be one of 'gaussian', 'uniform', got 3",
  ],
  [
    noise(undefined),
    TypeError,
    'smoothGrad: the value of noise must be a tensor of shape [4, 4, 3], got undefined',
  ],
  [
    noise(batch),
    TypeError,
    'smoothGrad: the value of noise must be a tensor of shape [4, 4, 3], got a tensor of shape [2, 4, 4, 3]',
  ],
  [
    option({ seed: -1 }),
    RangeError,
    'smoothGrad: seed must be an integer from 0 to 4294967295, got -1',
  ],
  [
    option({ seed: 2 ** 32 }),
    RangeError,
    'smoothGrad: seed must be an integer from 0 to 4294967295, got 4294967296',
  ],
  [
    option({ seed: '1' }),
    TypeError,
    "smoothGrad: seed must be an integer from 0 to 4294967295, got '1'",
  ],
  [
    option({ statistic: 'median' }),
    RangeError,
    "smoothGrad: statistic must be one of 'mean', 'meanAbs', 'meanSquare', 'variance', got 'median'",
  ],
  [
    option({ aggregate: 'min' }),
    RangeError,
    `smoothGrad: aggregate must be one of ${CHANNELS}, got 'min'`,
  ],
  [
    option({ aggregate: null }),
    TypeError,
    `smoothGrad: aggregate must be one of ${CHANNELS}, got null`,
  ],
  [option({ antithetic: 1 }), TypeError, 'smoothGrad: antithetic must be true or false, got 1'],
  [
    option({ antithetic: true, samples: 5 }),
    RangeError,
    'smoothGrad: samples must be even when antithetic, got 5',
  ],
  [
    option({ perSampleArgmax: 'yes' }),
    TypeError,
    "smoothGrad: perSampleArgmax must be true or false, got 'yes'",
  ],
  [
    option({ perSampleArgmax: true }, 3),
    RangeError,
    "smoothGrad: classIndex must be 'argmax' when perSampleArgmax, got 3",
  ],
  [option({ clip: 'no' }), TypeError, "smoothGrad: clip must be true or false, got 'no'"],
  [
    option({ clip: true }),
    TypeError,
    'smoothGrad: clip must be given with preprocess, whose range it clips to',
  ],
  [
    () => smoothGrad(model, flat, 'argmax'),
    RangeError,
    "smoothGrad: noiseLevel must be a fraction of the input's range, and an input of equal numbers has none; give stdDev instead",
  ],

  // aggregateChannels.
  [
    () => aggregateChannels([1] as never),
    TypeError,
    'aggregateChannels: attribution must be a tensor, got [1]',
  ],
  [
    () => aggregateChannels(disposed),
    TypeError,
    'aggregateChannels: attribution must be a live tensor, got a disposed one',
  ],
  [
    () => aggregateChannels(scalar),
    RangeError,
    'aggregateChannels: attribution must be a tensor with a last axis of channels, got a tensor of shape []',
  ],
  [
    () => aggregateChannels(image, 'min' as never),
    RangeError,
    `aggregateChannels: method must be one of ${CHANNELS}, got 'min'`,
  ],
  [
    () => aggregateChannels(image, null as never),
    TypeError,
    `aggregateChannels: method must be one of ${CHANNELS}, got null`,
  ],
];

test.each(CASES.map(([call, error, message]) => [message, call, error] as const))(
  '%s',
  (message, call, error) => {
    runs = 0;
    const before = tf.memory().numTensors;
    expectError(call, error, message);
    expect(tf.memory().numTensors).toBe(before);
    expect(runs).toBe(0);
  },
);

// What a plain function returns is known only once it has run.
const AFTER_RUNNING: [() => unknown, typeof TypeError | typeof RangeError, string][] = [
  [
    vanilla(() => 3, batch, 0),
    TypeError,
    "vanillaGradient: the model's output must be a tensor or several, got 3",
  ],
  [
    vanilla(() => [1, 2], batch, 0),
    TypeError,
    "vanillaGradient: the model's output must be a tensor or several, got [1, 2]",
  ],
  [
    vanilla(async () => Promise.resolve(3), batch, 0),
    TypeError,
    'vanillaGradient: model must be synchronous (tfjs ops only, no await), got a Promise',
  ],
  [
    vanilla((x: tf.Tensor) => tf.sum(x), batch, 0),
    RangeError,
    "vanillaGradient: the model's output must have one row for the one input, got shape []; a plain function takes and returns a batch (tf.expandDims adds that dimension)",
  ],
  [
    vanilla(threeAxes, batch, 0),
    RangeError,
    "vanillaGradient: the model's output must have shape [n, classes], got [1, 4, 4, 3]; wrap the model in a function that reduces the other axes, or choose an output with the option output",
  ],
  [
    vanilla((x: tf.Tensor) => tf.sum(x, [2, 3]), batch, 4),
    RangeError,
    "vanillaGradient: classIndex must be less than the model's 4 outputs, got 4",
  ],
  [
    vanilla((x: tf.Tensor) => [tf.sum(x, [2, 3]), x], batch, 0),
    TypeError,
    'vanillaGradient: model has 2 outputs (0, 1); choose one with the option output',
  ],
  [
    vanilla((x: tf.Tensor) => ({ a: x, b: x }), batch, 0),
    TypeError,
    'vanillaGradient: model has 2 outputs (a, b); choose one with the option output',
  ],
  [
    vanilla((x: tf.Tensor) => ({ a: x, b: x }), batch, 0, { output: 'c' }),
    RangeError,
    "vanillaGradient: output must be one of 'a', 'b' or its index, got 'c'",
  ],
  [
    vanilla((x: tf.Tensor) => [x, x], batch, 0, { output: 2 }),
    RangeError,
    "vanillaGradient: output must be one of '0', '1' or its index, got 2",
  ],
  [
    vanilla((x: tf.Tensor) => tf.sum(x, [2, 3]), batch, 0, { score: () => 3 }),
    TypeError,
    "vanillaGradient: the score function's value must be a tensor of shape [1] or [], got 3",
  ],
  [
    vanilla((x: tf.Tensor) => tf.sum(x, [2, 3]), batch, 0, { score: (y: tf.Tensor) => y }),
    TypeError,
    "vanillaGradient: the score function's value must be a tensor of shape [1] or [], got a tensor of shape [1, 4]",
  ],
];

test.each(AFTER_RUNNING.map(([call, error, message]) => [message, call, error] as const))(
  '%s',
  (message, call, error) => {
    const before = tf.memory().numTensors;
    expectError(call, error, message);
    expect(tf.memory().numTensors).toBe(before);
  },
);
