/**
 * What counts as a model: anything with `predict`, or a function. Typed structurally, so no model
 * package is needed.
 */
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { checkChoice, isBag, outOfRange, wrongType } from '../checks.js';
import { toBeNamed } from '../inFunction.js';

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

/** What a model takes: the shape of a batch, `null` where any size goes, and its type. */
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
  /** GraphModel's way to any node of the graph. */
  execute?(input: Tensor, outputs: string): Tensor | Tensor[];
}

/**
 * A synchronous function of tfjs ops, from a batch of inputs to a batch of outputs; wrap a custom
 * classifier so. It is given one row a pass, unless `batchSize` says that it takes more. It may say
 * what it takes by a property `inputs`, as models have.
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

/** What the model says of its input, and what the caller says of it, which goes first. */
export function inputSpecOf(model: Model, inputSpec: InputSpec | undefined): TensorSpec {
  return { ...pickSpec(model.inputs?.[0]), ...inputSpec };
}

/** The parts that are used; those of LayersModel's symbolic tensors are not all own properties. */
function pickSpec(spec: TensorSpec | undefined): TensorSpec {
  if (spec === undefined) return {};
  const { shape, dtype } = spec;
  return { shape, ...(dtype === undefined ? {} : { dtype }) };
}

/** How many inputs one pass must hold, where the model was converted with a fixed batch. */
export function fixedBatchSize({ shape }: TensorSpec): number | undefined {
  const size = shape?.[0];
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
