/**
 * Reads tensors and plain numbers alike, and makes results of the same kind, without importing
 * tfjs.
 *
 * So a page whose maps are computed by workers can draw them without loading tfjs.
 */
import type { Rank, Tensor, TensorBuffer, TypedArray } from '@tensorflow/tfjs-core';
import { checkTensor, isTensor, outOfRange } from './checks.js';

/** A typed array or a plain one. */
export type NumberList = ArrayLike<number> & Iterable<number>;

/** Numbers row by row (a typed array or a plain one) and their shape: what workers return. */
export interface PlainTensor {
  readonly data: NumberList;
  readonly shape: readonly number[];
}

/** A map in plain numbers. */
export interface PlainMap {
  readonly data: Float32Array<ArrayBuffer>;
  readonly shape: number[];
}

/** A picture in plain numbers, RGB in 0..255. */
export interface PlainPicture {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly shape: number[];
}

/** Stands for a map of the kind of `T`: a tensor for a tensor, plain numbers for plain numbers. */
export type MapLike<T, M extends Tensor = Tensor> = T extends Tensor ? M : PlainMap;

/**
 * Stands for a picture of the kind of `T`: an int32 tensor for a tensor, plain bytes for plain
 * numbers.
 */
export type PictureLike<T, P extends Tensor = Tensor> = T extends Tensor ? P : PlainPicture;

/** What was read of a tensor or of plain numbers, and what makes results of their kind. */
export interface Numbers {
  /** Not to be written to: a tensor's memory may be shown as it is. */
  readonly values: NumberList;
  /** Makes a float32 tensor of floats, an int32 tensor of bytes, or plain numbers of either. */
  wrap(data: PlainMap['data'] | PlainPicture['data'], shape: number[]): Tensor | PlainTensor;
}

/** @throws TypeError or RangeError for what is neither a tensor nor `{ data, shape }`. */
export function checkNumbers(
  argument: string,
  value: unknown,
): asserts value is Tensor | PlainTensor {
  if (!isPlainTensor(value)) {
    checkTensor(argument, value);
    return;
  }
  const size = sizeOf(value.shape);
  if (value.data.length !== size)
    throw outOfRange(`${argument}.data.length`, `${size}, as its shape says`, value.data.length);
}

function isPlainTensor(value: unknown): value is PlainTensor {
  const { data, shape } = (value ?? {}) as Partial<PlainTensor>;
  return (
    (Array.isArray(data) || ArrayBuffer.isView(data)) &&
    Array.isArray(shape) &&
    shape.every((length) => Number.isInteger(length) && length >= 0)
  );
}

/** Counts the values of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Reads what {@link checkNumbers} has checked. */
export function readNumbers(value: Tensor | PlainTensor): Numbers {
  if (!isTensor(value)) {
    return { values: value.data, wrap: (data, shape) => ({ data, shape }) };
  }
  const buffer = value.bufferSync();
  // The class of the buffer makes tensors of the same copy of tfjs.
  const Buffer = buffer.constructor as new (
    shape: number[],
    dtype: 'float32' | 'int32',
    values: TypedArray,
  ) => TensorBuffer<Rank>;
  return {
    values: buffer.values as TypedArray,
    wrap: (data, shape) =>
      (data instanceof Float32Array
        ? new Buffer(shape, 'float32', data)
        : new Buffer(shape, 'int32', Int32Array.from(data))
      ).toTensor(),
  };
}

/** Tells whether the values are floats; plain arrays count as such. */
export function isFloat(value: Tensor | PlainTensor): boolean {
  if (isTensor(value)) return value.dtype === 'float32';
  return !/^(Ui|I)nt/.test((value.data as Partial<Float32Array>)[Symbol.toStringTag] ?? '');
}
