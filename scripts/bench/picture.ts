/**
 * `npm run bench -- --picture`: the seconds from the start of a process to the picture that is
 * shown: the map aggregated, blurred and laid on the photo.
 *
 * A method that samples goes on until what is shown is predicted to correlate by RELIABILITY with
 * the converged one; the others have one map at their defaults. After LIMIT seconds it ends.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import * as library from 'tfjs-saliency';
import { aggregateChannels, blur, encodePNG, overlay } from 'tfjs-saliency';
import type { AttributionOptions, SampledAttribution, SmoothingProgress } from 'tfjs-saliency';
import { useWasm } from '../../examples/shared/backend.js';
import type { MethodName } from '../../examples/shared/methods.js';
import type { PictureJob, PictureResult } from './job.js';
import { LIMIT, RELIABILITY } from './pictureTable.js';
import { presetOf, readPhoto, TRAINED } from './trained.js';

export async function measurePicture({ model: name, method }: PictureJob): Promise<PictureResult> {
  await useWasm();
  const model = await TRAINED[name]!.load();
  const photo = await readPhoto();
  const attribute = library[method as MethodName] as SampledAttribution<AttributionOptions>;
  let told: Omit<PictureResult, 'seconds'> = {};
  const untilConverged = {
    until: RELIABILITY,
    reliabilityOf: shown,
    onProgress({ done, reliability }: SmoothingProgress) {
      told = { samples: done, reliability };
    },
  };
  const signal = AbortSignal.timeout(Math.ceil(1000 * LIMIT - performance.now()));
  try {
    const map = await attribute.async(model, photo, 'argmax', {
      preprocess: presetOf(name),
      signal,
      ...('steps' in attribute && untilConverged),
    });
    await encodePNG(overlay(photo, shown(map)));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  // Since the process began.
  return { seconds: performance.now() / 1000, ...told };
}

/** [..., c] -> [...] */
const shown = (map: Tensor): Tensor => blur(aggregateChannels(map));
