/** What a view shows of maps that are tensors. */
import { clone, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { isTensor } from '../checks.js';
import type { PlainTensor } from '../plainTensor.js';
import { checkView, doublesOf } from './view.js';
import type { View } from './view.js';

/**
 * Makes a function that reads what a view shows of the values of `maps` maps.
 * @param shape of all maps, as the view is handed them
 */
export function shownOfTensors(
  view: View<Tensor>,
  shape: number[],
  maps: number,
): (values: Float32Array) => Promise<Float64Array> {
  return async (values) => {
    let plain: PlainTensor | undefined;
    const shown = tidy(() => {
      const value: unknown = view(tensor(values, shape));
      checkView(value, shape, maps);
      if (isTensor(value)) return clone(value);
      plain = value;
      return undefined;
    });
    try {
      return await doublesOf(plain ?? shown!);
    } finally {
      shown?.dispose();
    }
  };
}
