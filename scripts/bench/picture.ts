/**
 * `npm run bench -- --picture`: the seconds from the start of a process to the picture that is
 * shown: the map aggregated, blurred and laid on the photo.
 *
 * A method that samples goes on until what is shown is predicted to correlate by RELIABILITY with
 * the converged one; the others have one map at their defaults.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import * as library from 'tfjs-saliency';
import { aggregateChannels, blur, encodePNG, overlay } from 'tfjs-saliency';
import type { AttributionOptions, SampledAttribution, SmoothingProgress } from 'tfjs-saliency';
import { useWasm } from '../../examples/shared/backend.js';
import type { MethodName } from '../../examples/shared/methods.js';
import type { PictureJob, PictureResult } from './job.js';
import { RELIABILITY } from './pictureTable.js';
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
  const map = await attribute.async(model, photo, 'argmax', {
    preprocess: presetOf(name),
    ...('steps' in attribute && untilConverged),
  });
  const picture = overlay(photo, shown(map));
  await encodePNG(picture);
  // Since the process began.
  return { seconds: performance.now() / 1000, ...told };
}

/** [..., c] -> [...] */
const shown = (map: Tensor): Tensor => blur(aggregateChannels(map));
