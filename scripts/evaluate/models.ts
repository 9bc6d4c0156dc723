/** The trained models that come with npm packages, as classifiers with their preprocessing. */
import { createPreprocessing } from 'tfjs-saliency';
import type { Model, PreprocessingPreset } from 'tfjs-saliency';
import { humanModel, nsfwModel } from '../../test/model/trained.js';

export interface EvaluatedModel {
  readonly model: Model;
  readonly preprocess: PreprocessingPreset;
}

/** Smaller than the 224 it was trained for, so that a run takes half an hour. */
const NSFW_SIZE = 96;

const square = (name: string, size: number): PreprocessingPreset =>
  createPreprocessing({ name, inputSize: [size, size], scale: 1 / 255 });

/** Gray, from -1 to 1. */
const emotion = createPreprocessing({
  name: 'emotion',
  inputSize: [64, 64],
  channels: 1,
  mean: 127.5,
  std: 127.5,
});

const LOADERS: Readonly<Record<string, () => Promise<EvaluatedModel>>> = {
  liveness: () =>
    Promise.resolve({ model: humanModel('liveness'), preprocess: square('liveness', 32) }),
  emotion: () => Promise.resolve({ model: humanModel('emotion'), preprocess: emotion }),
  antispoof: () =>
    Promise.resolve({ model: humanModel('antispoof'), preprocess: square('antispoof', 128) }),
  nsfwjs: async () => ({
    model: await nsfwModel(NSFW_SIZE),
    preprocess: square('nsfwjs', NSFW_SIZE),
  }),
};

export const MODEL_NAMES = Object.keys(LOADERS);

export function loadEvaluated(name: string): Promise<EvaluatedModel> {
  return LOADERS[name]!();
}
