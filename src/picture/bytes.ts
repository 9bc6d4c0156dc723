/** Reads pictures: `[h, w, 3]` of RGB values in 0..255, as tensors or plain numbers. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { isTensor, outOfRange } from '../checks.js';
import { checkNumbers, isFloat, sizeOf } from '../plainTensor.js';
import type { NumberList, PlainTensor } from '../plainTensor.js';

/** @throws TypeError or RangeError if `picture` is not `[h, w, 3]`. */
export function checkPicture(
  argument: string,
  picture: unknown,
): asserts picture is Tensor | PlainTensor {
  checkNumbers(argument, picture);
  const { shape } = picture;
  if (shape.length !== 3 || shape[2] !== 3 || sizeOf(shape) === 0) {
    throw outOfRange(argument, 'an RGB picture of shape [h, w, 3] with no size 0', picture);
  }
}

/** Reads the bytes of a picture; on a GPU this waits for it. */
export function bytesOf(argument: string, picture: Tensor | PlainTensor): Uint8ClampedArray {
  const values = isTensor(picture) ? picture.dataSync() : picture.data;
  return toBytes(argument, values, isFloat(picture));
}

/** Reads the bytes of a picture without blocking. */
export async function bytesOfAsync(
  argument: string,
  picture: Tensor | PlainTensor,
): Promise<Uint8ClampedArray> {
  const values = isTensor(picture) ? await picture.data() : picture.data;
  return toBytes(argument, values, isFloat(picture));
}

/**
 * Rounds values to bytes (halves to the even one).
 *
 * @throws RangeError if one is not between 0 and 255, or floats do not pass 1: a map, or an image
 * in 0..1 or a model's own scale, is not shown as if it were a picture.
 */
export function toBytes(
  argument: string,
  values: NumberList,
  areFloats: boolean,
): Uint8ClampedArray {
  const bytes = new Uint8ClampedArray(values.length);
  let greatest = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    // A resized or denormalised image may pass 0 or 255 by a rounding error.
    if (!(value > -0.5 && value < 255.5))
      throw outOfRange(argument, 'RGB values from 0 to 255', value);
    if (value > greatest) greatest = value;
    bytes[i] = value;
  }
  if (areFloats && greatest > 0 && greatest <= 1) {
    const wayOut = 'multiply an image in 0..1 by 255';
    throw outOfRange(argument, 'RGB values from 0 to 255, not floats up to 1', greatest, wayOut);
  }
  return bytes;
}
