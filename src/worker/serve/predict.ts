/** In the worker: the model's outputs, which a page that holds no model cannot have otherwise. */
import { expandDims, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { attributionOptions } from '../../method/attributionOptions.js';
import type { AttributionOptions } from '../../method/attributionOptions.js';
import { openContext } from '../../method/context.js';
import type { AnyModel } from '../../model/asyncModel.js';
import { checkKnown } from '../../options.js';
import type { ImageInput } from '../../preprocessing/image.js';
import { throwIfAborted } from '../../run/abort.js';
import { asyncOptions } from '../../run/progress.js';
import type { AsyncOptions } from '../../run/progress.js';
import { runAsync } from '../../run/task.js';

const { preprocess, output, batchSize, inputSpec } = attributionOptions;
const predictOptions = { preprocess, output, batchSize, inputSpec, ...asyncOptions };

/** The options of `predict`: those that say how the model is run. */
export type PredictOptions = Pick<
  AttributionOptions,
  'preprocess' | 'output' | 'batchSize' | 'inputSpec'
>;

/** Computes the model's outputs: [k] for an input without batch dimension, else [n, k]. */
export async function predict(
  model: AnyModel,
  input: Tensor | ImageInput,
  options: PredictOptions & AsyncOptions,
): Promise<Tensor> {
  checkKnown(options, predictOptions);
  const context = openContext(model, input, 'argmax', options);
  context.signal = options.signal;
  try {
    const task = context.guarded(context.outputs(context.input));
    const outputs = await runAsync(task, () => {
      throwIfAborted(options.signal);
    });
    try {
      return tidy(() => context.shaped(expandDims(outputs, 0)));
    } finally {
      outputs.dispose();
    }
  } finally {
    context.dispose();
  }
}
