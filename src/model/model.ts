/**
 * The types of models: anything with `predict`, or a function.
 *
 * They are structural, so no package of models is needed.
 */
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { checkChoice, isBag, outOfRange, wrongType } from '../checks.js';
import { toBeNamed } from '../inFunction.js';

/** What a model returns: a tensor, or several by position or by name. */
export type ModelOutput = Tensor | Tensor[] | NamedTensorMap;

/** An input or output of a model, as both LayersModel and GraphModel describe it. */
export interface TensorSpec {
  readonly name?: string;
  /** `null` or -1 for any length; undefined for an unknown shape. */
  readonly shape?: readonly (number | null)[] | undefined;
  readonly dtype?: string;
}

/** What a model takes: the shape of a batch, with `null` for any length, and its dtype. */
export interface InputSpec {
  readonly shape?: readonly (number | null)[];
  readonly dtype?: 'float32' | 'int32';
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
  /** GraphModel's method to compute any node of the graph. */
  execute?(input: Tensor, outputs: string): Tensor | Tensor[];
}

/**
 * A synchronous function of tfjs ops, from a batch of inputs to a batch of outputs.
 *
 * It gets one row per pass, unless `batchSize` is given. A property `inputs`, as models have it,
 * may tell the shape and dtype of its input.
 *
 * It must give the same for the same input: a model with states inside it has to reset them first.
 */
export interface ModelFunction {
  (input: Tensor): ModelOutput;
  readonly inputs?: readonly TensorSpec[];
}

export type Model = PredictModel | ModelFunction;

export function checkModel(model: unknown): asserts model is Model {
  if (typeof model !== 'function') {
    const { predict } = (model ?? {}) as Partial<PredictModel>;
    if (typeof predict !== 'function') {
      const wayOut = model instanceof Promise ? 'await it first' : undefined;
      throw wrongType('model', 'a function or an object with a predict method', model, wayOut);
    }
  }
  const { inputs } = model as Model;
  if (inputs !== undefined && inputs.length > 1) {
    const names = inputs.map((input, i) => input.name ?? String(i)).join(', ');
    throw toBeNamed(
      new TypeError(
        `model must have one input, got ${inputs.length} (${names}); ` +
          `fix the others in a function, x => model.predict([x, ...])`,
      ),
    );
  }
}

export function checkInputSpec(
  argument: string,
  value: unknown,
): asserts value is InputSpec | undefined {
  if (value === undefined) return;
  const { shape, dtype } = (value ?? {}) as InputSpec;
  // A model's own description has more in it; a misspelt one has neither of the two.
  const isEmpty = shape === undefined && dtype === undefined;
  if (!isBag(value) || (isEmpty && Object.keys(value).length > 0)) {
    throw wrongType(argument, '{ shape?, dtype? }', value);
  }
  if (dtype !== undefined) checkChoice(`${argument}.dtype`, dtype, ['float32', 'int32']);
  if (shape === undefined) return;
  const expected = 'the lengths of a batch, null where any goes';
  const isLength = (length: unknown) => length === null || typeof length === 'number';
  if (!Array.isArray(shape) || !shape.every(isLength)) {
    throw wrongType(`${argument}.shape`, expected, shape);
  }
  const isAllowed = (length: number | null) =>
    length === null || length === -1 || (Number.isInteger(length) && length > 0);
  if (!shape.every(isAllowed)) throw outOfRange(`${argument}.shape`, expected, shape);
}

/** Joins what the model and the caller tell of the input; the caller takes precedence. */
export function inputSpecOf(model: Model, inputSpec: InputSpec | undefined): TensorSpec {
  return { ...pickSpec(model.inputs?.[0]), ...inputSpec };
}

/**
 * Picks the parts that are used; symbolic tensors of LayersModel have getters, which do not spread.
 */
function pickSpec(spec: TensorSpec | undefined): TensorSpec {
  if (spec === undefined) return {};
  const { shape, dtype } = spec;
  return { shape, ...(dtype === undefined ? {} : { dtype }) };
}

/** Returns the number of inputs in a pass of a model with a fixed batch. */
export function fixedBatchSize({ shape }: TensorSpec): number | undefined {
  const size = shape?.[0];
  return size == null || size < 1 ? undefined : size;
}

/**
 * Computes the bytes of the model's weights, if it has a list; numbers take four bytes in memory.
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
