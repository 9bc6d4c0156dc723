import { topClasses } from 'tfjs-saliency';
import type { Model, PredictModel, PreprocessingPreset } from 'tfjs-saliency';
import { classNames, guessPreprocessing, loadModel } from 'tfjs-saliency/node';
import type { RgbPixels, TfjsModel } from 'tfjs-saliency/node';
import { InputError, isLibraryError } from '../shared/run.js';
import { fitPreset, presetNames } from './presets.js';

/** A model with what it takes to use it. */
export interface Classifier {
  /** One line for the user: what it is. */
  readonly name: string;
  readonly model: Model;
  readonly preprocess: PreprocessingPreset;
  /** One per class, if they are known. */
  readonly labels: readonly string[] | undefined;
  /** Which of several outputs has the scores. */
  readonly output?: string | undefined;
}

/** A model of the user's own. */
export interface OwnModel {
  readonly location: string;
  /** Undefined where it is to be guessed. */
  readonly preset: PreprocessingPreset | undefined;
  /** A file or folder; undefined for those beside the model. */
  readonly labels: string | undefined;
  readonly output: string | undefined;
}

/**
 * Loads a model of the user's own.
 *
 * @throws InputError or FileError if it is not there, or its preprocessing cannot be guessed.
 */
export async function loadOwnModel(own: OwnModel): Promise<Classifier> {
  const { location, output } = own;
  const packaged = /^nsfwjs\/(mobilenet_v2|mobilenet_v2_mid|inception_v3)$/.exec(location)?.[1];
  if (packaged !== undefined) {
    const { loadNsfwjs } = await import('./nsfwjs.js');
    return loadNsfwjs(packaged as Parameters<typeof loadNsfwjs>[0]);
  }
  const labels = await labelsOf(own);
  const model: TfjsModel = await loadModel(location);
  if (own.preset !== undefined)
    return { name: location, model, preprocess: fitPreset(own.preset, model), labels, output };
  const { preprocess, reason } = await guessPreprocessing(model as PredictModel, location);
  if (preprocess === undefined) {
    throw new InputError(
      `${location}: give --preset, how it wants its images (one of ${presetNames.join(', ')}): ${reason}`,
    );
  }
  return { name: `${location} (${reason})`, model, preprocess, labels, output };
}

async function labelsOf({ location, labels }: OwnModel): Promise<string[] | undefined> {
  if (labels === undefined) return isUrl(location) ? undefined : classNames(location);
  const names = await classNames(labels);
  if (names === undefined) throw new InputError(`${labels}: no names of classes here`);
  return names;
}

const isUrl = (location: string): boolean => /^https?:\/\//i.test(location);

/** More classes than any model has: all of them are asked for. */
const ALL = 2 ** 20;

/**
 * Computes the scores of all classes for a photo.
 *
 * @throws InputError if the model fails on it, and what the library throws.
 */
export async function classScores(
  { name, model, preprocess, labels, output }: Classifier,
  photo: RgbPixels,
): Promise<Float32Array> {
  const options = { preprocess, labels, output, count: ALL };
  const classes = await topClasses.async(model, photo, options).catch((error: unknown) => {
    if (isLibraryError(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`${name}: the model cannot be run (${reason.trim().split('\n')[0]!})`);
  });
  const scores = new Float32Array(classes.length);
  for (const { classIndex, score } of classes) scores[classIndex] = score;
  return scores;
}
