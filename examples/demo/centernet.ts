import { max, sigmoid } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createPreprocessing } from 'tfjs-saliency';
import { loadModel } from '../shared/models.js';
import type { Classifier } from './classifier.js';
import { cocoLabels } from './cocoLabels.js';

const { resolve } = createRequire(import.meta.url);

/** A plate with a bowl of sauce, bread and vegetables, of the package colorthief. */
export const foodPhoto = path.join(path.dirname(resolve('colorthief/package.json')), 'examples/img/image-1.jpg');

/**
 * The detector's class scores before its sigmoid, [1, 128, 128, 80]. Their gradient does not fade where the detector is
 * sure, as that of its output 'tower_0/keypoints' does; at bowl's .28 the two maps look the same.
 */
const logits = 'tower_0/CenternetHead/centernet_cls_output/BiasAdd';

/**
 * CenterNet, an object detector of the package @vladmandic/human, read as a classifier of photos: the score of a class is
 * the greatest that the detector gives it at any place.
 */
export async function loadCenterNet(): Promise<Classifier> {
  const models = path.join(path.dirname(resolve('@vladmandic/human')), '../models');
  const detector = await loadModel(path.join(models, 'centernet.json'));
  return {
    name: 'CenterNet, an object detector read as a classifier: the score of a class is its greatest at any place',
    // The greatest, not a mean over places: a mean lights up the other things on the plate as well.
    model: (photos) => sigmoid(max(detector.execute(photos, logits) as Tensor, [1, 2])),
    preprocess: createPreprocessing({ name: 'centernet', inputSize: [512, 512] }),
    labels: cocoLabels,
  };
}
