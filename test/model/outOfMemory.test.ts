// Oracle: the map of the same run where memory suffices.
import * as tf from '@tensorflow/tfjs-core';
import { layers as tfl, sequential } from '@tensorflow/tfjs-layers';
import type { PredictModel } from 'tfjs-saliency';
import { integratedGradients, OutOfMemoryError, smoothGrad, smoothGradAsync, vanillaGradient } from 'tfjs-saliency';
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
  ['webgl, of size', () => raise(new Error('Requested texture size [1x99999] greater than WebGL maximum on this browser / GPU [8192x8192].'))], // prettier-ignore
  ['webgpu', () => raise(new RangeError("Failed to execute 'createBuffer' on 'GPUDevice': createBuffer failed, size (5) is too large"))], // prettier-ignore
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
      const options = method === smoothGrad ? { samples: 2, seed: 1 } : {};
      expectClose(method(model, input, 'argmax', options), method(free, input, 'argmax', options).dataSync(), 1e-5);
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
    expect([error.name, error.batchSize, error.cause]).toEqual(['OutOfMemoryError', 1, new RangeError('Array buffer allocation failed')]); // prettier-ignore
    expect(batches).toEqual([8, 4, 2, 1]);
    expect(tf.memory().numTensors).toBe(before.numTensors);
  });

  test('fixed by the model, is reported at once, with the size of its weights', () => {
    const { model, batches } = cramped(2, FAILURES[2]![1]);
    const fixed = { predict: model, inputs: [{ shape: [8, 4] }], weights: { a: [tf.zeros([2 ** 18])], b: [tf.zeros([2 ** 17])] } }; // prettier-ignore
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

  test('any other error is passed on', () => {
    const error = new TypeError('wrong shape');
    const { model, batches } = cramped(2, () => raise(error));
    expect(() => smoothGrad(model, x(), 0, OPTIONS)).toThrow(error);
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

// The real thing: tfjs does not look whether the wasm heap gave memory, and a kernel writes to address 0 what it should not.
describe('a wasm heap that is full', () => {
  interface Heap {
    _malloc(bytes: number): number;
    _free(offset: number): void;
    HEAPU8: Uint8Array;
  }
  let heap: Heap;
  let model: PredictModel;
  /** The batches that the model was given. */
  let batches: number[];
  let image: tf.Tensor;
  let expected: Float32Array;

  beforeAll(async () => {
    await tf.setBackend('wasm');
    heap = (tf.engine().backend as unknown as { wasm: Heap }).wasm;
    const layers = sequential({
      layers: [
        tfl.conv2d({ inputShape: [128, 128, 3], filters: 32, kernelSize: 3, padding: 'same', activation: 'relu' }),
        tfl.conv2d({ filters: 32, kernelSize: 3, padding: 'same', activation: 'relu' }),
        tfl.globalAveragePooling2d({}),
        tfl.dense({ units: 5, activation: 'softmax' }),
      ],
    });
    const { inputs, weights } = layers;
    const predict = (x: tf.Tensor) => {
      batches.push(x.shape[0]!);
      return layers.predict(x, { batchSize: x.shape[0]! });
    };
    model = { inputs, weights, predict };
    image = tf.randomUniform([128, 128, 3], 0, 1, 'float32', 1);
    batches = [];
    expected = smoothGrad(model, image, 'argmax', OPTIONS).dataSync() as Float32Array;
  });

  beforeEach(() => {
    batches = [];
  });

  /** Takes all of the heap but `left` bytes, in one piece, for the length of `run`. */
  function withLittleHeap(left: number, run: () => void): void {
    const hole = heap._malloc(left);
    const blocks: number[] = [];
    for (let size = 2 ** 28; size >= 2 ** 10; size /= 2) {
      for (let block = heap._malloc(size); block !== 0; block = heap._malloc(size)) blocks.push(block);
    }
    heap._free(hole);
    try {
      run();
    } finally {
      blocks.forEach((block) => {
        heap._free(block);
      });
    }
  }

  test.each([40, 60, 90])('but for %d MB: the batch gets smaller and the map is the same', (left) => {
    const staticMemory = heap.HEAPU8.slice(0, 1024);
    const before = tf.memory().numTensors;
    withLittleHeap(left * 2 ** 20, () => {
      const map = smoothGrad(model, image, 'argmax', OPTIONS);
      expectClose(map, expected, 1e-5);
      expect(batches[1]).toBe(8);
      expect(batches.at(-1)).toBeLessThan(8);
      map.dispose();
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(heap.HEAPU8.slice(0, 1024)).toEqual(staticMemory);
  });

  test.each([1, 8, 20])('but for %d MB: an error, and the backend works as before once there is memory', (left) => {
    const staticMemory = heap.HEAPU8.slice(0, 1024);
    const before = tf.memory().numTensors;
    withLittleHeap(left * 2 ** 20, () => {
      const error: unknown = (() => {
        try {
          return smoothGrad(model, image, 'argmax', OPTIONS);
        } catch (thrown) {
          return thrown;
        }
      })();
      expect(error).toBeInstanceOf(OutOfMemoryError);
      expect((error as OutOfMemoryError).message).toMatch(/^smoothGrad: backend 'wasm' has too little memory for a batch of \d/); // prettier-ignore
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(heap.HEAPU8.slice(0, 1024)).toEqual(staticMemory);
    expectClose(smoothGrad(model, image, 'argmax', OPTIONS), expected, 1e-6);
  });
});
