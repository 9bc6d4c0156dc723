/** What a view shows of maps that are plain numbers, where tfjs may be missing. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { PlainTensor } from '../plainTensor.js';
import { checkView, doublesOf } from './view.js';
import type { View } from './view.js';

/**
 * Makes a function that reads what a view shows of the values of `maps` maps.
 * @param shape of all maps, as the view is handed them
 */
export function shownOfNumbers(
  view: View<PlainTensor>,
  shape: readonly number[],
  maps: number,
): (data: Float32Array<ArrayBuffer>) => Promise<Float64Array> {
  return async (data) => {
    const value: unknown = view({ data, shape: [...shape] });
    checkView(value, shape, maps);
    try {
      return await doublesOf(value);
    } finally {
      (value as Partial<Tensor>).dispose?.();
    }
  };
}
