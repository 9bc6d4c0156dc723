/** Runs a model on a batch and picks one output. */
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { describe, isTensor, outOfRange, wrongType } from '../checks.js';
import { toBeNamed } from '../inFunction.js';
import { GradientError } from '../gradient/gradientError.js';
import type { LayerProbe } from '../layer/layerProbe.js';
import type { Model, ModelOutput, PredictModel } from './model.js';
import { withStatesRestored } from './statefulLayers.js';

/** Which output of a model: its name or index; undefined for the only one. */
export type OutputChoice = string | number | undefined;

export function checkOutput(argument: string, output: unknown): asserts output is OutputChoice {
  const expected = "an output's name or index";
  if (output === undefined || typeof output === 'string') return;
  if (typeof output !== 'number') throw wrongType(argument, expected, output);
  if (!Number.isInteger(output) || output < 0) throw outOfRange(argument, expected, output);
}

/**
 * Runs the model on a batch and picks one output.
 * @param probe notes what the model's layers return
 */
export function runModel(
  model: Model,
  input: Tensor,
  output: OutputChoice,
  probe?: LayerProbe,
): Tensor {
  const run = (): ModelOutput => call(model, input, output);
  const node = isNode(model, output) ? output : undefined;
  try {
    const result = withStatesRestored(model, () =>
      probe === undefined ? run() : probe.run(model, input, node, run),
    );
    return pickOutput(model, result, output);
  } catch (error) {
    throw translated(error, model, input, output);
  }
}

function call(model: Model, input: Tensor, output: OutputChoice): ModelOutput {
  if (typeof model === 'function') return model(input);
  // Any node can be asked for by name, and no more of the model runs than leads to it.
  if (isNode(model, output)) return model.execute!(input, output);
  // LayersModel otherwise cuts the batch into pieces of 32 and joins their outputs.
  return model.predict(input, { batchSize: input.shape[0]! });
}

/** Translates errors of tfjs into this library's terms, where that helps. */
function translated(error: unknown, model: Model, input: Tensor, output: OutputChoice): unknown {
  const message = error instanceof Error ? error.message : '';
  if (
    typeof output === 'string' &&
    /not found in the graph|Cannot find SymbolicTensors/.test(message)
  ) {
    const names = outputNamesOf(model).map(describe).join(', ');
    const which = names === '' ? '' : ` (${names})`;
    return outOfRange('output', `the name of an output${which} or of a node of the model`, output);
  }
  const dynamicOp = /dynamic op '(\w+)'/.exec(message)?.[1];
  if (dynamicOp !== undefined) {
    return toBeNamed(
      new GradientError(
        `model has control flow ('${dynamicOp}'), which tfjs runs asynchronously only, on every ` +
          `backend, so that no gradient goes through it; convert the model without control flow, ` +
          `or choose an output before it`,
        { op: dynamicOp, cause: error },
      ),
    );
  }
  if (/must be int32/.test(message)) {
    const advice = "give inputSpec: { dtype: 'int32' }, or the function a property inputs";
    return toBeNamed(
      new TypeError(`model takes an int32 input (${message}); ${advice}`, { cause: error }),
    );
  }
  const rows = input.shape[0]!;
  if (typeof model === 'function' && rows > 1 && /would overflow|must match the/.test(message)) {
    const advice = 'a function that takes one row only needs batchSize: 1, which is the default';
    return toBeNamed(
      new RangeError(`model does not take ${rows} rows at once (${message}); ${advice}`, {
        cause: error,
      }),
    );
  }
  return error;
}

/** Tells whether `output` names a node to compute, which a LayersModel does not allow. */
function isNode(model: Model, output: unknown): output is string {
  const { execute, outputNames = [] } = model as PredictModel;
  return typeof output === 'string' && execute !== undefined && !outputNames.includes(output);
}

function pickOutput(model: Model, result: unknown, output: OutputChoice): Tensor {
  if (result instanceof Promise) {
    result.catch(() => undefined);
    throw wrongType('model', 'synchronous (tfjs ops only, no await)', result);
  }
  const named = namedOutputs(model, result);
  if (named === undefined) throw wrongType("the model's output", 'a tensor or several', result);
  const names = Object.keys(named);
  if (names.length === 1 && (output === undefined || isNode(model, output))) {
    return named[names[0]!]!;
  }
  if (output === undefined) {
    throw toBeNamed(
      new TypeError(
        `model has ${names.length} outputs (${names.join(', ')}); ` +
          `choose one with the option output`,
      ),
    );
  }
  const name = typeof output === 'number' ? names[output] : output;
  const picked = name === undefined ? undefined : named[name];
  if (picked !== undefined) return picked;
  throw outOfRange('output', `one of ${names.map(describe).join(', ')} or its index`, output);
}

function outputNamesOf(model: Model): readonly string[] {
  const { outputNames, outputNodes } = model as PredictModel;
  return outputNames ?? outputNodes ?? [];
}

/** Collects the outputs by name, or by index where they have no name. */
function namedOutputs(model: Model, result: unknown): NamedTensorMap | undefined {
  const names = outputNamesOf(model);
  if (isTensor(result)) return { [names.length === 1 ? names[0]! : '0']: result };
  if (Array.isArray(result)) {
    if (!result.every(isTensor)) return undefined;
    const labels = names.length === result.length ? names : result.map((_, i) => String(i));
    return Object.fromEntries(result.map((tensor, i) => [labels[i]!, tensor]));
  }
  if (typeof result === 'object' && result !== null && Object.values(result).every(isTensor)) {
    return result as NamedTensorMap;
  }
  return undefined;
}
