// The real thing: tfjs does not look whether the wasm heap gave memory, and a kernel writes to
// address 0 what it should not. Oracle: the map of the same run where memory suffices, and the
// heap's static part, which stays as it was.
import * as tf from '@tensorflow/tfjs-core';
import { layers as tfl, sequential } from '@tensorflow/tfjs-layers';
import type { PredictModel } from 'tfjs-saliency';
import { OutOfMemoryError, smoothGrad } from 'tfjs-saliency';
import '../backends.js';
import { expectClose } from '../method/expectClose.js';

const OPTIONS = { samples: 10, batchSize: 8, seed: 1 };

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
        tfl.conv2d({
          inputShape: [128, 128, 3],
          filters: 32,
          kernelSize: 3,
          padding: 'same',
          activation: 'relu',
        }),
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
      for (let block = heap._malloc(size); block !== 0; block = heap._malloc(size))
        blocks.push(block);
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

  test.each([40, 60, 90])(
    'but for %d MB: the batch gets smaller and the map is the same',
    (left) => {
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
    },
  );

  test.each([1, 8, 20])(
    'but for %d MB: an error, and the backend works as before once there is memory',
    (left) => {
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
        expect((error as OutOfMemoryError).message).toMatch(
          /^smoothGrad: backend 'wasm' has too little memory for a batch of \d/,
        );
      });
      expect(tf.memory().numTensors).toBe(before);
      expect(heap.HEAPU8.slice(0, 1024)).toEqual(staticMemory);
      expectClose(smoothGrad(model, image, 'argmax', OPTIONS), expected, 1e-6);
    },
  );
});
