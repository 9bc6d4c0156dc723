/** An application's own pipeline, from a photo to the map it shows: what saliency.test.ts tests. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { aggregateChannels, normalize, smoothGrad } from 'tfjs-saliency';
import type { ImageInput, Model, Preprocessing } from 'tfjs-saliency';

/** @returns map of 0..1, [h, w] of the model's input, the caller's to dispose */
export function explainPhoto(
  model: Model,
  photo: ImageInput,
  classIndex: number | 'argmax',
  preprocess: Preprocessing,
  seed: number,
): Tensor {
  const gradient = smoothGrad(model, photo, classIndex, { preprocess, samples: 10, seed });
  const map = aggregateChannels(gradient);
  const normalized = normalize(map);
  gradient.dispose();
  map.dispose();
  return normalized;
}
