// Oracle: the library's own functions in this thread, of a tensor with the same numbers.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import {
  createPreprocessing,
  integratedGradients,
  unit,
  vanillaGradient,
  vgg16,
} from 'tfjs-saliency';
import { connectSaliency } from 'tfjs-saliency/worker';
import type { ArrayTensor, NestedArray, WorkerInput } from 'tfjs-saliency/worker';
import { powers } from './models.js';
import { connect, start, tell } from './workers.js';

const { saliency } = connect(1);
const model = (x: tf.Tensor) => powers(x);
const closeTo = (map: tf.Tensor): unknown[] =>
  [...map.dataSync()].map((value) => expect.closeTo(value, 4) as unknown);

const numbers = Array.from({ length: 12 }, (_, i) => (i % 5) - 2);
const KINDS: [string, WorkerInput][] = [
  ['an array', { data: numbers, shape: [1, 2, 3, 2] }],
  ['a Float32Array', { data: Float32Array.from(numbers), shape: [1, 2, 3, 2] }],
  ['a Float64Array', { data: Float64Array.from(numbers), shape: [1, 2, 3, 2] }],
  ['an Int8Array', { data: Int8Array.from(numbers), shape: [1, 2, 3, 2] }],
  ['an array in shared memory', { data: shared(numbers), shape: [1, 2, 3, 2] }],
  ['nested arrays', tf.tensor(numbers, [1, 2, 3, 2]).arraySync() as NestedArray],
];

function shared(values: readonly number[]): Float32Array {
  const array = new Float32Array(new SharedArrayBuffer(4 * values.length));
  array.set(values);
  return array;
}

test.each(KINDS)('%s is an input, and the result is numbers with their shape', async (_, input) => {
  const { data, shape } = (await saliency.vanillaGradient({}, input, 2)) as ArrayTensor;
  expect(shape).toEqual([1, 2, 3, 2]);
  expect([...data]).toEqual(closeTo(vanillaGradient(model, tf.tensor(numbers, [1, 2, 3, 2]), 2)));
  const scores = (await saliency.predict({}, input)) as ArrayTensor;
  expect(scores.shape).toEqual([1, 4]);
  expect([...scores.data]).toEqual(closeTo(powers(tf.tensor(numbers, [1, 2, 3, 2]))));
});

test.each(['float32', 'int32'] as const)(
  'a tensor of %s is one, and the result a tensor',
  async (dtype) => {
    const input = tf.tensor(numbers, [1, 2, 3, 2], dtype);
    const before = tf.memory().numTensors;
    const gradient = await saliency.vanillaGradient({}, input, 2);
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(gradient.dtype).toBe('float32');
    expect([...gradient.dataSync()]).toEqual(closeTo(vanillaGradient(model, input, 2)));
  },
);

test('pixels are an input with a preset, by itself, its name, or made anew', async () => {
  const pixels = {
    data: Uint8Array.from({ length: 5 * 4 * 4 }, (_, i) => (7 * i) % 256),
    width: 5,
    height: 4,
  };
  const small = createPreprocessing({ ...unit.options, inputSize: [2, 3] });
  const { data, shape } = await saliency.vanillaGradient({}, pixels, 2, { preprocess: small });
  expect(shape).toEqual([2, 3, 3]);
  expect([...data]).toEqual(closeTo(vanillaGradient(model, pixels, 2, { preprocess: small })));
  const scores = await Promise.all(
    [vgg16, 'vgg16' as const].map((preprocess) =>
      saliency.predict({ power: 1 }, pixels, { preprocess }),
    ),
  );
  expect(scores[0]).toEqual(scores[1]);
});

test("pixels in a Buffer of Node's, which shares its memory with others", async () => {
  const bytes = Array.from({ length: 12 }, (_, i) => 20 * i);
  const pixels = (data: ArrayLike<number>) => ({ data, width: 2, height: 2 });
  const preprocess = createPreprocessing({ ...unit.options, inputSize: [2, 2] });
  const expected = await saliency.predict({}, pixels(bytes), { preprocess });
  const buffer = Buffer.from(bytes);
  expect(await saliency.predict({}, pixels(buffer), { preprocess })).toEqual(expected);
  expect([...buffer]).toEqual(bytes);
});

test('integrated gradients and a baseline that is a tensor', async () => {
  const input = tf.tensor(numbers, [1, 2, 3, 2]);
  const baseline = tf.fill([2, 3, 2], 0.5);
  const options = { baseline, steps: 6 };
  const path = await saliency.integratedGradients({}, input, 2, options);
  expect([...path.dataSync()]).toEqual(closeTo(integratedGradients(model, input, 2, options)));
});

test('an input without batch dimension has a result without', async () => {
  const { shape } = await saliency.smoothGrad({}, { data: [1, 2, 3], shape: [3] }, 1, {
    samples: 2,
  });
  expect(shape).toEqual([3]);
  expect((await saliency.predict({}, [1, 2, 3])).shape).toEqual([4]);
});

test('an input may be changed or disposed as soon as the call has returned its promise', async () => {
  const expected = await saliency.predict({}, [1, 2, 3]);
  const array = Float32Array.of(1, 2, 3);
  const call = saliency.predict({}, { data: array, shape: [3] });
  array.fill(0);
  expect(await call).toEqual(expected);
  const tensor = tf.tensor1d([1, 2, 3]);
  const another = saliency.predict({}, tensor);
  tensor.dispose();
  expect([...(await another).dataSync()]).toEqual([...expected.data]);
});

test("buffers are given away both ways, and never the caller's own", async () => {
  const sent: ArrayBuffer[] = [];
  const worker = start({ backend: 'cpu' });
  const post = worker.postMessage.bind(worker);
  worker.postMessage = (message: unknown, transfer: readonly never[] = []) => {
    post(message, transfer);
    sent.push(...(transfer as readonly ArrayBuffer[]));
  };
  const own = connectSaliency(worker);
  const data = Float32Array.of(1, 2, 3);
  const tensor = tf.tensor1d([1, 2, 3]); // of the cpu backend, which gives its own arrays out
  await own.smoothGrad({}, { data, shape: [3] }, 1, { samples: 6, batchSize: 2 });
  await own.vanillaGradient({}, tensor, 1);
  await own.vanillaGradient({}, { data: new Uint8ClampedArray(3), width: 1, height: 1 }, 1, {
    preprocess: createPreprocessing({ inputSize: [1, 1] }),
  });
  expect(sent.map(({ byteLength }) => byteLength)).toEqual([0, 0, 0]);
  expect([...data]).toEqual([1, 2, 3]);
  expect([...tensor.dataSync()]).toEqual([1, 2, 3]);
  // Of SmoothGrad, three chunks of two samples, which are two means each.
  expect(await tell(worker)).toMatchObject({ transferred: 3 * 2 + 2, copied: 0 });
  await own.close();
});
