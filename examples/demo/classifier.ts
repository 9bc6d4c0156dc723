import { tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Model, ModelOutput, PreprocessingPreset } from 'tfjs-saliency';
import { readLabels } from '../shared/labels.js';
import { loadModel } from '../shared/models.js';
import { InputError } from '../shared/run.js';
import type { OwnModel } from './flags.js';
import { fitPreset } from './presets.js';

/** A model with what it takes to use it. */
export interface Classifier {
  /** One line for the user: what it is. */
  readonly name: string;
  readonly model: Model;
  readonly preprocess: PreprocessingPreset;
  /** One per class, if they are known. */
  readonly labels: readonly string[] | undefined;
}

export async function loadOwnModel({ location, preset, labels }: OwnModel): Promise<Classifier> {
  const names = labels === undefined ? undefined : await readLabels(labels);
  const model = await loadModel(location);
  return { name: location, model, preprocess: fitPreset(preset, model), labels: names };
}

/**
 * The scores of all classes for one input [1, h, w, 3].
 *
 * @throws InputError if the model does not take this input, or returns anything but one score per
 * class.
 */
export async function classScores(
  { name, model, labels }: Classifier,
  input: Tensor,
): Promise<Float32Array> {
  let output: ModelOutput;
  try {
    output = tidy(
      () => (typeof model === 'function' ? model(input) : model.predict(input)) as Tensor,
    );
  } catch (error) {
    throw new InputError(
      `${name}: the model cannot be run (${(error as Error).message.trim().split('\n')[0]!})`,
    );
  }
  if (!isTensor(output) || output.size !== output.shape.at(-1)) {
    const found = isTensor(output) ? `shape [${output.shape.join(', ')}]` : 'several outputs';
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

function isTensor(output: ModelOutput): output is Tensor {
  return Array.isArray((output as Partial<Tensor>).shape);
}
