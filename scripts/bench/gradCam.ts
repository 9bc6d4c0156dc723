/** What a Grad-CAM takes beside a forward pass. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { gradCam } from 'tfjs-saliency';
import { median } from '../statistics.js';
import { CLASS } from './job.js';
import { finish, times } from './measure.js';

/**
 * Computes the median time of a Grad-CAM divided by that of `model.predict`, in turns: a machine is
 * not equally fast all the time.
 */
export async function measureGradCam(model: LayersModel, x: Tensor, runs: number): Promise<number> {
  const [maps, forwards]: [number[], number[]] = [[], []];
  for (let i = 0; i < runs; i++) {
    maps.push(...(await times(() => finish(gradCam(model, x, CLASS)), 1)));
    forwards.push(...(await times(() => finish(model.predict(x) as Tensor), 1)));
  }
  return median(maps) / median(forwards);
}
