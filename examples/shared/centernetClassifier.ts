import { max, sigmoid } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { createPreprocessing } from 'tfjs-saliency';
import type { ModelFunction, PreprocessingPreset } from 'tfjs-saliency';
import { centernetLogits } from './centernetLogits.js';

export const centernetPreprocess: PreprocessingPreset = createPreprocessing({
  name: 'centernet',
  inputSize: [512, 512],
});

/**
 * The object detector CenterNet, of the package @vladmandic/human, as a classifier of photos: the
 * score of a class is the greatest that the detector gives it at any place.
 */
export function centernetClassifier(detector: LayersModel | GraphModel): ModelFunction {
  // The greatest, not a mean over places: a mean lights up the other things on the plate as well.
  return (photos) =>
    sigmoid(max((detector as GraphModel).execute(photos, centernetLogits) as Tensor, [1, 2]));
}
