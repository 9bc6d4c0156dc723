/**
 * What the caller gives, made ready to cross, and results made of what comes back: without any tfjs
 * here.
 */
import type { Tensor, TensorBuffer, Rank, TypedArray } from '@tensorflow/tfjs-core';
import { checkTensor, isTensor, outOfRange, wrongType } from '../checks.js';
import type { ImageDataLike, ImageInput } from '../preprocessing/image.js';
import { isDrawable } from '../preprocessing/isDrawable.js';
import type { ArrayTensor, EncodedInput, EncodedPixels, EncodedTensor } from './protocol.js';

/**
 * Numbers in a row. Of floats and of plain arrays a float32 tensor is made, of the others one of
 * int32.
 */
export type NumberArray =
  | readonly number[]
  | Float32Array
  | Float64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | Uint8ClampedArray;

/** Numbers in arrays in arrays; their nesting is the shape. */
export type NestedArray = readonly (number | NestedArray)[];

/**
 * What the methods of a connection take: a tensor of this thread's tfjs, a tensor's numbers with
 * their shape, nested arrays, or what presets take (pixels `{ data, width, height }`, an image,
 * canvas, video or ImageBitmap). It stays the caller's, who may change or dispose it as soon as the
 * call has returned its promise.
 */
export type WorkerInput =
  ImageInput | { readonly data: NumberArray; readonly shape: readonly number[] } | NestedArray;

/** A tensor if the input was one, else numbers with their shape. */
export type ResultOf<Input> = Input extends Tensor ? Tensor : ArrayTensor;

/** Makes the result of what came back. */
export type Wrap = (result: ArrayTensor) => Tensor | ArrayTensor;

/** Reads the input at once, and checks it: what crosses, and what makes the result of its kind. */
export async function encodeInput(input: unknown): Promise<{ input: EncodedInput; wrap: Wrap }> {
  if (isTensor(input)) return encodeTensor('input', input);
  return { input: await encodeOther(input), wrap: (result) => result };
}

/**
 * Reads a tensor, ready to cross.
 * @returns beside it what makes tensors of the same copy of tfjs, of which an application may have
 * none or several
 */
export async function encodeTensor(
  argument: string,
  value: Tensor,
): Promise<{ input: EncodedTensor; wrap: Wrap }> {
  checkTensor(argument, value);
  const buffer = await value.buffer();
  // A copy, because the cpu and webgl backends give what they compute with.
  const data = buffer.values.slice() as EncodedTensor['data'];
  const Buffer = buffer.constructor as new (
    ...parts: [number[], 'float32', TypedArray]
  ) => TensorBuffer<Rank>;
  return {
    input: {
      kind: 'tensor',
      data,
      shape: [...value.shape],
      dtype: value.dtype as EncodedTensor['dtype'],
    },
    wrap: (result) => new Buffer(result.shape, 'float32', result.data).toTensor(),
  };
}

async function encodeOther(input: unknown): Promise<EncodedInput> {
  if (Array.isArray(input)) return encodeNested(input as NestedArray);
  const { data, shape, width, height } = (input ?? {}) as Partial<ImageDataLike & ArrayTensor>;
  if (isNumbers(data)) {
    if (shape !== undefined) return encodedTensor(data, shape);
    if (typeof width === 'number' && typeof height === 'number') {
      return { kind: 'pixels', data: copyOfPixels(data), width, height };
    }
  }
  if (ArrayBuffer.isView(input) && isNumbers(input)) return encodedTensor(input, [input.length]);
  if (isDrawable(input)) return { kind: 'bitmap', bitmap: await createImageBitmap(input) };
  const expected =
    'a tensor, numbers { data, shape }, nested arrays, pixels { data, width, height } or an image';
  throw wrongType('input', expected, input);
}

/** Copies pixels, not by `slice`, which of Node's Buffers copies nothing. */
function copyOfPixels(data: ArrayLike<number>): EncodedPixels['data'] {
  return /^Uint8/.test(typeNameOf(data)) ? new Uint8ClampedArray(data) : new Float32Array(data);
}

/** Reads the name of the type: a class of another realm is another class. */
const typeNameOf = (data: ArrayLike<number>): string =>
  (data as Partial<Float32Array>)[Symbol.toStringTag] ?? '';

function isNumbers(data: unknown): data is Float32Array {
  return Array.isArray(data) || (ArrayBuffer.isView(data) && 'slice' in data);
}

function encodedTensor(data: ArrayLike<number>, shape: unknown): EncodedTensor {
  const isShape =
    Array.isArray(shape) && shape.every((length) => Number.isInteger(length) && length >= 0);
  if (!isShape) throw wrongType('input.shape', 'an array of lengths', shape);
  const lengths = shape as number[];
  const size = lengths.reduce((product, length) => product * length, 1);
  if (data.length !== size)
    throw outOfRange('input.data.length', `${size}, as its shape says`, data.length);
  return /^(Ui|I)nt/.test(typeNameOf(data))
    ? { kind: 'tensor', data: new Int32Array(data), shape: [...lengths], dtype: 'int32' }
    : { kind: 'tensor', data: new Float32Array(data), shape: [...lengths], dtype: 'float32' };
}

function encodeNested(input: NestedArray): EncodedTensor {
  const shape: number[] = [];
  for (let first: unknown = input; Array.isArray(first); first = first[0] as unknown)
    shape.push(first.length);
  const data = (input as unknown[]).flat(shape.length - 1);
  const isRegular = (value: unknown, axis: number): boolean =>
    axis === shape.length
      ? typeof value === 'number'
      : Array.isArray(value) &&
        value.length === shape[axis] &&
        value.every((item) => isRegular(item, axis + 1));
  if (!isRegular(input, 0))
    throw wrongType('input', 'nested arrays of numbers of equal lengths', input);
  return encodedTensor(data as number[], shape);
}

/** Copies an input, to be given away. */
export function copyOf(input: EncodedInput): EncodedInput {
  if (input.kind === 'bitmap') return input; // is copied when it is sent
  return input.kind === 'pixels'
    ? { ...input, data: input.data.slice() }
    : { ...input, data: input.data.slice() };
}
