/**
 * What counts as a model: anything with `predict`, or a function. Typed structurally, so no model
 * package is needed.
 */
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { GradientError } from '../gradient/gradientError.js';
import { describe, isTensor, outOfRange, wrongType } from '../arguments.js';

/** What a model returns: a tensor, or several by position or by name. */
export type ModelOutput = Tensor | Tensor[] | NamedTensorMap;

/**
 * One input or output of a model, as LayersModel (SymbolicTensor) and GraphModel (TensorInfo) both
 * describe it.
 */
export interface TensorSpec {
  readonly name?: string;
  /** `null` or -1 where any size goes; undefined where nothing is known. */
  readonly shape?: readonly (number | null)[] | undefined;
  readonly dtype?: string;
}

/** LayersModel, Sequential, GraphModel, or an object of your own. */
export interface PredictModel {
  predict(input: Tensor, config?: { batchSize?: number }): ModelOutput;
  readonly inputs?: readonly TensorSpec[];
  readonly outputs?: readonly TensorSpec[];
  /** LayersModel's names of its outputs. */
  readonly outputNames?: readonly string[];
  /** GraphModel's names of its outputs. */
  readonly outputNodes?: readonly string[];
  /** LayersModel's list of weights, or GraphModel's by name. */
  readonly weights?: unknown;
  /** GraphModel's way to any node of the graph. */
  execute?(input: Tensor, outputs: string): Tensor | Tensor[];
}

/**
 * A synchronous function of tfjs ops, from a batch of inputs to a batch of outputs. Wrap a custom
 * classifier so.
 */
export type ModelFunction = (input: Tensor) => ModelOutput;

export type Model = PredictModel | ModelFunction;

export function checkModel(caller: string, model: unknown): asserts model is Model {
  if (typeof model === 'function') return;
  if (typeof (model as PredictModel | null)?.predict !== 'function') {
    throw wrongType(caller, 'model', 'a function or an object with a predict method', model);
  }
  const { inputs } = model as PredictModel;
  if (inputs !== undefined && inputs.length > 1) {
    const names = inputs.map((input, i) => input.name ?? String(i)).join(', ');
    throw new TypeError(
      `${caller}: model must have one input, got ${inputs.length} (${names}); ` +
        `fix the others in a function, x => model.predict([x, ...])`,
    );
  }
}

/** The model's own description of its input, where it has one. */
export function inputSpec(model: Model): TensorSpec {
  return (model as PredictModel).inputs?.[0] ?? {};
}

/** How many inputs one pass must hold, where the model was converted with a fixed batch. */
export function fixedBatchSize(model: Model): number | undefined {
  const size = inputSpec(model).shape?.[0];
  return size == null || size < 1 ? undefined : size;
}

/**
 * The size of the model's weights, where it tells; each number has four bytes in memory, whatever
 * its file has.
 */
export function weightBytes(model: Model): number | undefined {
  const { weights } = model as PredictModel;
  if (typeof weights !== 'object' || weights === null) return undefined;
  const sizes = Object.values(weights)
    .flat()
    .map((weight: { shape?: unknown } | null) => weight?.shape)
    .map((shape) =>
      Array.isArray(shape) ? shape.reduce((size: number, length) => size * Number(length), 4) : NaN,
    );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return Number.isFinite(total) && total > 0 ? total : undefined;
}

/**
 * Runs the model on a batch and picks one output.
 * @param output a name or an index, for a model of several outputs
 */
export function runModel(
  caller: string,
  model: Model,
  input: Tensor,
  output: string | number | undefined,
): Tensor {
  try {
    return pickOutput(caller, model, call(model, input, output), output);
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (
      typeof output === 'string' &&
      /not found in the graph|Cannot find SymbolicTensors/.test(message)
    ) {
      const names = outputNamesOf(model).map(describe).join(', ');
      const which = names === '' ? '' : ` (${names})`;
      throw outOfRange(
        caller,
        'output',
        `the name of an output${which} or of a node of the model`,
        output,
      );
    }
    const dynamicOp = /dynamic op '(\w+)'/.exec(message)?.[1];
    if (dynamicOp === undefined) throw error;
    throw new GradientError(
      `${caller}: model has control flow ('${dynamicOp}'), which tfjs runs asynchronously only, on every backend, so that ` +
        `no gradient goes through it; convert the model without control flow, or choose an output before it`,
      { op: dynamicOp, cause: error },
    );
  }
}

function call(model: Model, input: Tensor, output: string | number | undefined): ModelOutput {
  if (typeof model === 'function') return model(input);
  // Any node can be asked for by name, and no more of the model runs than leads to it.
  if (isNode(model, output)) return model.execute!(input, output);
  // LayersModel otherwise cuts the batch into pieces of 32 and joins their outputs.
  return model.predict(input, { batchSize: input.shape[0]! });
}

/**
 * Whether `output` names a node to execute up to; LayersModel calls its outputs by other names than
 * its nodes.
 */
function isNode(model: Model, output: unknown): output is string {
  const { execute, outputNames = [] } = model as PredictModel;
  return typeof output === 'string' && execute !== undefined && !outputNames.includes(output);
}

function pickOutput(
  caller: string,
  model: Model,
  result: unknown,
  output: string | number | undefined,
): Tensor {
  if (result instanceof Promise) {
    result.catch(() => undefined);
    throw wrongType(caller, 'model', 'synchronous (tfjs ops only, no await)', result);
  }
  const named = namedOutputs(model, result);
  if (named === undefined)
    throw wrongType(caller, "the model's output", 'a tensor or several', result);
  const names = Object.keys(named);
  if (names.length === 1 && (output === undefined || isNode(model, output)))
    return named[names[0]!]!;
  if (output === undefined) {
    throw new TypeError(
      `${caller}: model has ${names.length} outputs (${names.join(', ')}); choose one with the option output`,
    );
  }
  const name = typeof output === 'number' ? names[output] : output;
  const picked = name === undefined ? undefined : named[name];
  if (picked !== undefined) return picked;
  throw outOfRange(
    caller,
    'output',
    `one of ${names.map(describe).join(', ')} or its index`,
    output,
  );
}

function outputNamesOf(model: Model): readonly string[] {
  const { outputNames, outputNodes } = model as PredictModel;
  return outputNames ?? outputNodes ?? [];
}

/** The outputs by name; those without a name are called by their index. */
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
