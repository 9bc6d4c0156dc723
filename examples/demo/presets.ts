import { createPreprocessing } from 'tfjs-saliency';
import type { PredictModel, PreprocessingPreset } from 'tfjs-saliency';
import * as presets from '../../src/preprocessing/presets.js';
import { InputError } from '../shared/run.js';

const all: readonly PreprocessingPreset[] = Object.values(presets);

export const presetNames = all.map(({ name }) => name).sort();

/** @throws InputError if the library has no preset of that name. */
export function presetNamed(name: string): PreprocessingPreset {
  const preset = all.find((candidate) => candidate.name === name);
  if (preset === undefined)
    throw new InputError(`--preset must be one of ${presetNames.join(', ')}, got '${name}'`);
  return preset;
}

/**
 * The preset for the size that the model declares its images to have, or as it is if the model
 * declares none.
 */
export function fitPreset(
  preset: PreprocessingPreset,
  { inputs }: PredictModel,
): PreprocessingPreset {
  const [, height, width] = inputs?.[0]?.shape ?? [];
  if (!isSize(height) || !isSize(width)) return preset;
  return createPreprocessing({ ...preset.options, inputSize: [height, width] });
}

/** Keras writes null for any size, TensorFlow -1. */
function isSize(size: number | null | undefined): size is number {
  return size != null && size > 0;
}
