// The kernels in the wasm backend's memory. Oracle: the heap's own count of what is allocated, and
// the same kernels' results where memory is plenty, not shared, and does not grow.
import * as tf from '@tensorflow/tfjs-core';
import { instantiate } from '../../src/kernels/code.js';
import { convolutionKernels } from '../../src/kernels/convolution.js';
import { ownKernels } from '../../src/kernels/index.js';
import type { Kernels } from '../../src/kernels/index.js';
import { currentWasmBackend } from '../../src/kernels/wasmBackend.js';
import type { WasmBackend } from '../../src/kernels/wasmBackend.js';
import { infoOf, normal, taken } from './kernels.js';

interface Heap {
  _malloc(bytes: number): number;
  _free(address: number): void;
  readonly HEAPU8: Uint8Array;
}

let backend: WasmBackend;
let heap: Heap;
let kernels: Kernels;
beforeAll(async () => {
  await tf.setBackend('wasm');
  backend = currentWasmBackend()!;
  heap = backend.wasm as unknown as Heap;
  kernels = ownKernels('own')!;
  heap._free(heap._malloc(8)); // on their first call both replace themselves
});

const X = [1, 12, 12, 64];
const FILTER = [3, 3, 64, 64];
const INFO = infoOf(X, FILTER, 'same');
const STRIDED = infoOf(X, FILTER, 'same', { stride: 2 });

/** Runs all kernels that need scratch memory; the caller owns the results. */
function runAll(x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor[] {
  const bias = tf.ones([64]);
  const statistics = { mean: bias, variance: bias };
  const results = [
    kernels.batchNormalization({ x, ...statistics }, 0)!,
    kernels.convolution(x, filter, INFO, { bias, activation: 'relu' })!,
    kernels.convolutionInputGradient(x, filter, INFO)!,
    tf.tidy(() =>
      kernels.convolutionInputGradient(tf.slice(x, 0, STRIDED.outShape), filter, STRIDED)!,
    ),
  ];
  bias.dispose();
  return results;
}

test('what is allocated is freed, and a tensor made is one tensor more', () => {
  const [x, filter] = [normal(X, 1), normal(FILTER, 2)];
  const live = new Set<number>();
  const { _malloc, _free } = heap;
  heap._malloc = (bytes) => {
    const address = _malloc(bytes);
    live.add(address);
    return address;
  };
  heap._free = (address) => {
    live.delete(address);
    live.delete(address >> 0);
    _free(address);
  };
  try {
    const before = tf.memory();
    const results = runAll(x, filter);
    expect(tf.memory().numTensors).toBe(before.numTensors + results.length);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers + results.length);
    expect(live.size).toBe(results.length);
    tf.dispose(results);
    expect(live.size).toBe(0);
    tf.tidy(() => void runAll(x, filter));
    expect(live.size).toBe(0);
    expect(tf.memory().numTensors).toBe(before.numTensors);
  } finally {
    Object.assign(heap, { _malloc, _free });
    tf.dispose([x, filter]);
  }
});

test('memory that grows within a call changes nothing', () => {
  const [x, filter] = [normal(X, 1), normal(FILTER, 2)];
  const expected = runAll(x, filter).map(taken);
  const bias = tf.ones([64]);
  const { _malloc } = heap;
  heap._malloc = (bytes) => {
    const size = heap.HEAPU8.length;
    heap._free(_malloc(size + 2 ** 20));
    expect(heap.HEAPU8.length).toBeGreaterThan(size);
    return _malloc(bytes);
  };
  try {
    const y = kernels.convolution(x, filter, INFO, { bias, activation: 'relu' });
    expect(taken(y)).toEqual(expected[1]);
  } finally {
    heap._malloc = _malloc;
    tf.dispose([x, filter, bias]);
  }
});

test.each([1, 2])('where allocation %d fails, it throws and frees all', (failing) => {
  const [x, filter] = [normal(X, 1), normal(FILTER, 2)];
  const beginning = heap.HEAPU8.slice(0, 1024);
  const before = tf.memory().numTensors;
  const buffers = tf.memory().numDataBuffers;
  const { _malloc, _free } = heap;
  let [count, live] = [0, 0];
  heap._malloc = (bytes) => {
    if (++count === failing) return 0;
    live++;
    return _malloc(bytes);
  };
  heap._free = (address) => {
    if (address !== 0) live--;
    _free(address);
  };
  try {
    expect(() => kernels.convolution(x, filter, INFO)).toThrow(
      new RangeError('out of memory: the wasm heap is full'),
    );
    expect(live).toBe(0);
  } finally {
    Object.assign(heap, { _malloc, _free });
    tf.dispose([x, filter]);
  }
  expect(tf.memory().numTensors).toBe(before - 2);
  expect(tf.memory().numDataBuffers).toBe(buffers - 2);
  expect(heap.HEAPU8.slice(0, 1024)).toEqual(beginning);
});

test('an unreachable memory leaves all to tfjs, without a word', () => {
  const hidden = { ...backend, wasm: { _malloc: heap._malloc, _free: heap._free } };
  const spy = jest.spyOn(tf.engine(), 'backend', 'get').mockReturnValue(hidden as never);
  expect(ownKernels('own')).toBeUndefined();
  spy.mockRestore();
  expect(ownKernels('own')).toBe(kernels);
});

test('so does another backend', async () => {
  await tf.setBackend('cpu');
  expect(ownKernels('own')).toBeUndefined();
  await tf.setBackend('wasm');
});

test('a shared memory, as the threaded backend has it, gives the same', () => {
  const memory = new WebAssembly.Memory({ initial: 256, maximum: 65536, shared: true });
  let top = 64;
  const malloc = (bytes: number): number => (top += bytes + 64) - bytes;
  const shared: WasmBackend = {
    wasm: { _malloc: malloc, _free: () => undefined, wasmMemory: memory },
    dataIdMap: { get: (dataId) => ({ memoryOffset: (dataId as { address: number }).address }) },
    makeOutput: (shape, dtype) => ({ dataId: { address: malloc(12 * 12 * 64 * 4) }, shape, dtype }),
    disposeData: () => true,
  };
  const inShared = (tensor: tf.Tensor): tf.Tensor4D => {
    const address = malloc(tensor.size * 4) & ~3;
    new Float32Array(memory.buffer, address, tensor.size).set(tensor.dataSync());
    return { ...tensor, dataId: { address }, dtype: 'float32' } as unknown as tf.Tensor4D;
  };
  const code = instantiate(memory, 'own')!;
  const { convolution } = convolutionKernels({ backend: shared, memory, code });
  const [x, filter] = [normal(X, 1), normal(FILTER, 2)];
  const made = jest
    .spyOn(tf.engine(), 'makeTensorFromTensorInfo')
    .mockImplementation((info) => info as tf.Tensor);
  const y = convolution(inShared(x), inShared(filter), INFO)!;
  made.mockRestore();
  const { address } = y.dataId as { address: number };
  const numbers = Float32Array.from(new Float32Array(memory.buffer, address, 12 * 12 * 64));
  expect(numbers).toEqual(taken(kernels.convolution(x, filter, INFO)));
  tf.dispose([x, filter]);
});
