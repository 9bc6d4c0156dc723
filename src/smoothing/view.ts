/**
 * What is shown of a map, such as its channels' maximum, blurred: a function of the user's.
 *
 * Without importing tfjs, which the thread that merges the samples of workers may not have.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { isTensor, outOfRange } from '../checks.js';
import { checkNumbers, sizeOf } from '../plainTensor.js';
import type { NumberList, PlainTensor } from '../plainTensor.js';

export type View<Map = never> = (map: Map) => Tensor | PlainTensor;

/**
 * Checks what a view has made of maps.
 * @param shape of what it was handed: the axes of classes and images come first
 * @param maps how many there are
 * @throws TypeError or RangeError unless it has numbers for each map
 */
export function checkView(
  value: unknown,
  shape: readonly number[],
  maps: number,
): asserts value is Tensor | PlainTensor {
  const argument = "reliabilityOf's value";
  checkNumbers(argument, value);
  const axes = shape.findIndex((_, i) => sizeOf(shape.slice(0, i)) === maps);
  const leading = shape.slice(0, Math.max(0, axes));
  if (sizeOf(value.shape) > 0 && leading.every((length, i) => value.shape[i] === length)) return;
  throw outOfRange(argument, `of shape [${[...leading, '...'].join(', ')}]`, value);
}

/** Reads numbers in double precision. */
export async function doublesOf(value: Tensor | PlainTensor): Promise<Float64Array> {
  const values: NumberList = isTensor(value) ? await value.data() : value.data;
  return Float64Array.from(values);
}
