import { tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Model, ModelFunction, PredictModel, PreprocessingPreset } from 'tfjs-saliency';
import { classNames, guessPreprocessing, loadModel } from 'tfjs-saliency/node';
import type { TfjsModel } from 'tfjs-saliency/node';
import { InputError } from '../shared/run.js';
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

/**
 * Computes the scores of all classes for one input [1, h, w, c].
 *
 * @throws InputError if the model does not take this input, or returns anything but one score per
 * class.
 */
export async function classScores(classifier: Classifier, input: Tensor): Promise<Float32Array> {
  const { name, labels } = classifier;
  let output: Tensor | Tensor[];
  try {
    output = tidy(() => scoresFunction(classifier)(input));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      `${name}: the model cannot be run (${(error as Error).message.trim().split('\n')[0]!})`,
    );
  }
  if (!isTensor(output) || output.size !== output.shape.at(-1)) {
    const found = isTensor(output)
      ? `shape [${output.shape.join(', ')}]`
      : 'several outputs: choose one with --output';
    throw new InputError(
      `${name}: must return one score per class, shape [1, classes], and returns ${found}`,
    );
  }
  if (labels !== undefined && labels.length !== output.size) {
    throw new InputError(
      `--labels has ${labels.length} names, but the model has ${output.size} classes`,
    );
  }
  const scores = await output.data<'float32'>();
  output.dispose();
  return scores;
}

function scoresFunction({ name, model, output }: Classifier): (x: Tensor) => Tensor | Tensor[] {
  if (typeof model === 'function') return model as (x: Tensor) => Tensor;
  if (output === undefined) return (x) => model.predict(x) as Tensor;
  const { outputNames, execute } = model as PredictModel;
  if (outputNames === undefined) return (x) => execute!.call(model, x, output);
  const index = outputNames.indexOf(output);
  if (index === -1) {
    throw new InputError(
      `--output must be one of ${name}'s: ${outputNames.join(', ')}; got '${output}'`,
    );
  }
  return (x) => [model.predict(x) as Tensor | Tensor[]].flat()[index]!;
}

function isTensor(output: Tensor | Tensor[] | ReturnType<ModelFunction>): output is Tensor {
  return Array.isArray((output as Partial<Tensor>).shape);
}
