/**
 * Reading the tensors pictures are made of: maps `[h, w]` or `[n, h, w]`, and pictures `[h, w, 3]`.
 */
import type { Tensor3D } from '@tensorflow/tfjs-core';
import { checkTensor, outOfRange } from '../checks.js';

/** What a tensor's data come as. */
export type Values = Float32Array | Int32Array | Uint8Array;

/**
 * @throws TypeError if `map` is no numeric tensor, RangeError if it is no map, or no value but NaN
 * or infinity.
 */
export function readMap(map: unknown): Values {
  checkTensor('map', map);
  if ((map.rank !== 2 && map.rank !== 3) || map.size === 0) {
    throw outOfRange('map', 'of shape [h, w] or [n, h, w] with no size 0', map);
  }
  const values = map.dataSync();
  for (const value of values) {
    if (!Number.isFinite(value)) throw outOfRange('map', 'finite everywhere', value);
  }
  return values;
}

/**
 * @throws TypeError if `picture` is no numeric tensor, RangeError if its shape is not `[h, w, 3]`.
 */
export function checkPicture(argument: string, picture: unknown): asserts picture is Tensor3D {
  checkTensor(argument, picture);
  if (picture.rank !== 3 || picture.shape[2] !== 3 || picture.size === 0) {
    throw outOfRange(argument, 'an RGB picture of shape [h, w, 3] with no size 0', picture);
  }
}

/**
 * Values rounded to bytes (halves to the even one).
 * @throws RangeError if one is not between 0 and 255, so that a map, or an image in 0..1 or a
 * model's own scale that has left 0..255, is not shown as if it were a picture.
 */
export function toBytes(argument: string, values: Values): Uint8ClampedArray {
  for (const value of values) {
    // A resized or denormalised image may pass 0 or 255 by a rounding error.
    if (!(value > -0.5 && value < 255.5))
      throw outOfRange(argument, 'RGB values from 0 to 255', value);
  }
  return Uint8ClampedArray.from(values);
}
