// Oracle: the map of the same run where memory suffices.
import * as tf from '@tensorflow/tfjs-core';
import {
  integratedGradients,
  OutOfMemoryError,
  smoothGrad,
  smoothGradAsync,
  vanillaGradient,
} from 'tfjs-saliency';
import { describeOnEachBackend } from '../backends.js';
import { expectClose } from '../method/expectClose.js';
import { expectError } from '../method/expectError.js';

/** Of [n, 4], which has room for `most` inputs at once, and notes how many it was given. */
function cramped(most: number, fail: () => unknown) {
  const batches: number[] = [];
  const model = (x: tf.Tensor) => {
    batches.push(x.shape[0]!);
    const cubes = tf.pow(x, 3);
    if (x.shape[0]! > most) fail();
    return cubes;
  };
  return { model, batches };
}

/** What backends throw, in their words; the first one is thrown by tfjs itself. */
const FAILURES: [string, () => unknown][] = [
  ['more numbers than an array takes', () => new Float32Array(2 ** 40)],
  ['cpu', () => raise(new RangeError('Array buffer allocation failed'))],
  ['wasm', () => raise(new RangeError('WebAssembly.Memory.grow(): Out of memory'))],
  ['webgl', () => raise(new Error('Unable to create WebGLTexture.'))],
  [
    'webgl, of size',
    () =>
      raise(
        new Error(
          'Requested texture size [1x99999] greater than WebGL maximum on this browser / GPU [8192x8192].',
        ),
      ),
  ],
  [
    'webgpu',
    () =>
      raise(
        new RangeError(
          "Failed to execute 'createBuffer' on 'GPUDevice': createBuffer failed, size (5) is too large",
        ),
      ),
  ],
  ['tfjs-node', () => raise(new Error('OOM when allocating tensor with shape[9,9]'))],
];

function raise(error: Error): never {
  throw error;
}

const x = () => tf.randomNormal([4], 0, 1, 'float32', 1);
const OPTIONS = { samples: 20, batchSize: 8, seed: 1 };

describeOnEachBackend('a batch that does not fit', (backend) => {
  test.each(FAILURES)('is halved, and stays so for the rest of the run: %s', (_, fail) => {
    const { model, batches } = cramped(2, fail);
    const input = x();
    const before = tf.memory().numTensors;
    const map = smoothGrad(model, input, 0, OPTIONS);
    expect(tf.memory().numTensors).toBe(before + 1);
    expectClose(map, smoothGrad((rows) => tf.pow(rows, 3), input, 0, OPTIONS).dataSync(), 1e-6);
    expect(batches).toEqual([8, 4, ...Array<number>(10).fill(2)]);
  });

  test('is halved down to 1, for every method, and for the class of the clean input', async () => {
    const input = tf.randomNormal([5, 4], 0, 1, 'float32', 2);
    const free = (rows: tf.Tensor) => tf.pow(rows, 3);
    for (const method of [vanillaGradient, integratedGradients, smoothGrad]) {
      const { model, batches } = cramped(1, FAILURES[0]![1]);
      const options = { batchSize: 8, ...(method === smoothGrad && { samples: 2, seed: 1 }) };
      expectClose(
        method(model, input, 'argmax', options),
        method(free, input, 'argmax', options).dataSync(),
        1e-5,
      );
      expect(Math.max(...batches)).toBeGreaterThan(1);
      expect(batches.at(-1)).toBe(1);
    }
    const { model } = cramped(1, FAILURES[0]![1]);
    const expected = smoothGrad(free, input, 'argmax', OPTIONS).dataSync();
    expectClose(await smoothGradAsync(model, input, 'argmax', OPTIONS), expected, 1e-5);
  });

  test('at 1, is reported with the batch, the size of everything and what to do', () => {
    const { model, batches } = cramped(0, FAILURES[1]![1]);
    const input = x();
    const before = tf.memory();
    const size = (before.numBytes / 2 ** 20).toFixed(1);
    const error = expectError(
      () => smoothGrad(model, input, 0, OPTIONS),
      OutOfMemoryError,
      `smoothGrad: backend '${backend}' has too little memory for a batch of 1 (all tensors of the application have ` +
        `${size} MB); dispose what is no longer needed, or use a smaller input or model, or another backend`,
    );
    expect([error.name, error.batchSize, error.cause]).toEqual([
      'OutOfMemoryError',
      1,
      new RangeError('Array buffer allocation failed'),
    ]);
    expect(batches).toEqual([8, 4, 2, 1]);
    expect(tf.memory().numTensors).toBe(before.numTensors);
  });

  test('fixed by the model, is reported at once, with the size of its weights', () => {
    const { model, batches } = cramped(2, FAILURES[2]![1]);
    const fixed = {
      predict: model,
      inputs: [{ shape: [8, 4] }],
      weights: { a: [tf.zeros([2 ** 18])], b: [tf.zeros([2 ** 17])] },
    };
    expectError(
      () => vanillaGradient(fixed, x(), 0),
      OutOfMemoryError,
      `vanillaGradient: backend '${backend}' has too little memory for the model's fixed batch of 8 (the model's weights ` +
        `have 1.5 MB); dispose what is no longer needed, or use a smaller input or model, or another backend`,
    );
    expect(batches).toEqual([8]);
  });

  test('in a kernel that broke off, is reported at once: the heap may be damaged', () => {
    const trap = Object.assign(new Error('memory access out of bounds'), { name: 'RuntimeError' });
    const { model, batches } = cramped(2, () => raise(trap));
    const withWeights = { predict: model, weights: [{ shape: [2 ** 20] }] };
    expectError(
      () => smoothGrad(withWeights, x(), 0, OPTIONS),
      OutOfMemoryError,
      `smoothGrad: backend '${backend}' broke off (memory access out of bounds) at a batch of 8, as it does when its memory ` +
        `ends (the model's weights have 4.0 MB); what it computes from now on cannot be trusted: start a new process, ` +
        `worker or page, with a smaller batchSize or input`,
    );
    expect(batches).toEqual([8]);
  });

  test.each<[string, () => unknown, string]>([
    ['a wrong shape', () => raise(new TypeError('wrong shape')), 'wrong shape'],
    [
      'weights that are shorter than their shape',
      () => new Float32Array(new ArrayBuffer(8), 0, 4),
      'Invalid typed array length: 4',
    ],
    ['a negative size', () => new Float32Array(-4), 'Invalid typed array length: -4'],
  ])('any other error is passed on: %s', (_, fail, message) => {
    const { model, batches } = cramped(2, fail);
    let thrown: unknown;
    try {
      smoothGrad(model, x(), 0, OPTIONS);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).not.toBeInstanceOf(OutOfMemoryError);
    expect((thrown as Error).message).toBe(message);
    expect(batches).toEqual([8]);
  });
});

test('a lost WebGL context is not taken for it, though no texture can be created any more', async () => {
  await tf.setBackend('cpu');
  const error = new Error('Unable to create WebGLTexture.');
  const { model, batches } = cramped(2, () => raise(error));
  const backend = tf.engine().backend as { gpgpu?: unknown };
  backend.gpgpu = { gl: { isContextLost: () => true } };
  try {
    expect(() => smoothGrad(model, x(), 0, OPTIONS)).toThrow(error);
  } finally {
    delete backend.gpgpu;
  }
  expect(batches).toEqual([8]);
});
