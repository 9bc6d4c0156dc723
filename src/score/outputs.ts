/** Reads the model's output as [n images, k classes], with any axes of length 1 between. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { toBeNamed } from '../inFunction.js';
import type { Model, PredictModel, TensorSpec } from '../model/model.js';
import type { OutputChoice } from '../model/runModel.js';

/**
 * Counts the classes of an output.
 * @throws RangeError unless there is one row per input, and one axis of classes
 */
export function classCountOf(output: Tensor, rows: number): number {
  const { shape, size } = output;
  if (shape[0] !== rows) {
    const inputs = rows === 1 ? 'the one input' : `each of the ${rows} inputs`;
    const advice =
      rows > 1
        ? 'a function that takes one row only needs batchSize: 1, which is the default'
        : 'a plain function takes and returns a batch (tf.expandDims adds that dimension)';
    throw toBeNamed(
      new RangeError(
        `the model's output must have one row for ${inputs}, ` +
          `got shape [${shape.join(', ')}]; ${advice}`,
      ),
    );
  }
  const classes = shape.length === 1 ? 1 : shape.at(-1)!;
  if (size !== rows * classes) {
    throw toBeNamed(
      new RangeError(
        `the model's output must have shape [n, classes], got [${shape.join(', ')}]; ` +
          `wrap the model in a function that reduces the other axes, ` +
          `or choose an output with the option output`,
      ),
    );
  }
  return classes;
}

/** Returns the number of classes that the model declares, if it does. */
export function declaredClassCount(model: Model, output: OutputChoice): number | undefined {
  const { outputs = [], outputNames, outputNodes } = model as PredictModel;
  const names = outputNames ?? outputNodes ?? [];
  const index = typeof output === 'string' ? names.indexOf(output) : (output ?? 0);
  const isChosen = output !== undefined || outputs.length === 1;
  const spec: TensorSpec | undefined = isChosen ? outputs[index] : undefined;
  const { shape } = spec ?? {};
  const classes = shape !== undefined && shape.length > 1 ? shape.at(-1) : undefined;
  return classes == null || classes < 1 ? undefined : classes;
}
