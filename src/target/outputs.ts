/** The model's output as [n images, k classes], whatever singleton axes it has. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Model, PredictModel, TensorSpec } from '../model/model.js';

/** @throws RangeError unless there is one row per input, and one axis of classes */
export function classCountOf(caller: string, output: Tensor, rows: number): number {
  const shape = output.shape;
  if (shape[0] !== rows) {
    throw new RangeError(
      `${caller}: the model's output must have one row for each of the ${rows} inputs, got shape [${shape.join(', ')}]; ` +
        `a plain function takes and returns a batch (tf.expandDims adds that dimension)`,
    );
  }
  const classes = shape.length === 1 ? 1 : shape.at(-1)!;
  if (output.size !== rows * classes) {
    throw new RangeError(
      `${caller}: the model's output must have shape [n, classes], got [${shape.join(', ')}]; ` +
        `wrap the model in a function that reduces the other axes, or choose an output with the option output`,
    );
  }
  return classes;
}

/**
 * The number of classes that the model itself declares, if it does: known before anything is
 * computed.
 */
export function declaredClassCount(
  model: Model,
  output: string | number | undefined,
): number | undefined {
  const { outputs = [], outputNames, outputNodes } = model as PredictModel;
  const spec: TensorSpec | undefined =
    output === undefined
      ? outputs.length === 1
        ? outputs[0]
        : undefined
      : outputs[
          typeof output === 'number' ? output : (outputNames ?? outputNodes ?? []).indexOf(output)
        ];
  const classes =
    spec?.shape !== undefined && spec.shape.length > 1 ? spec.shape.at(-1) : undefined;
  return classes == null || classes < 1 ? undefined : classes;
}
