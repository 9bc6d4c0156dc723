/** The trained models that npm packages ship, and a photo for them. */
import path from 'node:path';
import { createPreprocessing } from 'tfjs-saliency';
import type { ImageInput, Model, PreprocessingPreset } from 'tfjs-saliency';
import { readImage } from 'tfjs-saliency/node';
import { foodPhoto, loadCenterNet } from '../../examples/demo/centernet.js';
import { loadNsfwjs } from '../../examples/demo/nsfwjs.js';
import { humanModel, nsfwModel } from '../../test/model/trained.js';

interface Trained {
  readonly size: number;
  load(): Promise<Model>;
}

export const TRAINED: Readonly<Record<string, Trained>> = {
  'CenterNet, @vladmandic/human': { size: 512, load: async () => (await loadCenterNet()).model },
  'MobileNetV2, nsfwjs': { size: 224, load: () => nsfwModel(224) },
  'MobileNetV2 mid, nsfwjs': {
    size: 224,
    load: async () => (await loadNsfwjs('mobilenet_v2_mid')).model,
  },
  'InceptionV3, nsfwjs': { size: 299, load: async () => (await loadNsfwjs('inception_v3')).model },
  'antispoof, @vladmandic/human': {
    size: 128,
    load: () => Promise.resolve(humanModel('antispoof')),
  },
  'liveness, @vladmandic/human': {
    size: 32,
    load: () => Promise.resolve(humanModel('liveness')),
  },
};

/** What a trained model takes of a photo. */
export function presetOf(name: string): PreprocessingPreset {
  const { size } = TRAINED[name]!;
  const scale = name.startsWith('CenterNet') ? 1 : 1 / 255;
  return createPreprocessing({ name, inputSize: [size, size], scale });
}

export const readPhoto = (): Promise<ImageInput> => readImage(path.resolve(foodPhoto));
