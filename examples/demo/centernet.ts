import { createRequire } from 'node:module';
import path from 'node:path';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import { loadModel } from 'tfjs-saliency/node';
import { centernetClassifier, centernetPreprocess } from '../shared/centernetClassifier.js';
import type { Classifier } from './classifier.js';
import { cocoLabels } from './cocoLabels.js';

const { resolve } = createRequire(import.meta.url);

/** A plate with a bowl of sauce, bread and vegetables, of the package colorthief. */
export const foodPhoto = path.join(
  path.dirname(resolve('colorthief/package.json')),
  'examples/img/image-1.jpg',
);

/**
 * CenterNet, an object detector of the package @vladmandic/human, read as a classifier of photos:
 * the score of a class is the greatest that the detector gives it at any place.
 */
export async function loadCenterNet(): Promise<Classifier> {
  const models = path.join(path.dirname(resolve('@vladmandic/human')), '../models');
  const detector = await loadModel(path.join(models, 'centernet.json'));
  return {
    name: 'CenterNet, an object detector read as a classifier: the score of a class is its greatest at any place',
    model: centernetClassifier(detector as GraphModel),
    preprocess: centernetPreprocess,
    labels: cocoLabels,
  };
}
