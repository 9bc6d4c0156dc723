/**
 * An attribution method is a function of a context and rows; everything else that a method has
 * (checks, the synchronous and the asynchronous function, smoothing, workers) is made of it here.
 *
 * Letters: n images, m explained classes per image, r rows of a batch; row i belongs to image i %
 * n.
 */
import { dispose, stack, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkBag } from '../checks.js';
import { inFunction } from '../inFunction.js';
import type { AnyModel } from '../model/asyncModel.js';
import type { Model } from '../model/model.js';
import { checkKnown, definedOptions, readOptions } from '../options.js';
import type { OptionsOf, OptionTable, ValuesOf } from '../options.js';
import type { ImageInput } from '../preprocessing/image.js';
import { throwIfAborted } from '../run/abort.js';
import { asyncOptions } from '../run/progress.js';
import type { AsyncOptions } from '../run/progress.js';
import { runAsync, runSync } from '../run/task.js';
import type { Task } from '../run/task.js';
import { yieldToEventLoop } from '../run/yieldToEventLoop.js';
import type { ClassIndex } from '../score/classIndex.js';
import { attributionOptions } from './attributionOptions.js';
import type { AttributionOptions } from './attributionOptions.js';
import { openContext } from './context.js';
import type { Context } from './context.js';
import { progressTeller } from './tellProgress.js';
import { checkFinite, checkFiniteSync } from './nonFinite.js';

/**
 * A public attribution function, with its asynchronous form.
 * @typeParam M what the asynchronous form takes: {@link AnyModel}, if no gradient is needed
 */
export interface Attribution<Options extends object = AttributionOptions, M = Model> {
  /**
   * Attributes the score of a class to the input.
   *
   * @param model a LayersModel, a GraphModel, anything with `predict`, or a synchronous function of
   * tfjs ops
   * @param input [n, ...] or [...] in the model's own scale; with `preprocess`, an RGB image. A
   * plain function has no known input shape: only an input of rank 1 is taken as one without its
   * batch dimension
   * @param classIndex see {@link ClassIndex}; `'argmax'` is the class predicted for the input
   * @returns float32; the caller owns it
   */
  (model: Model, input: Tensor | ImageInput, classIndex: ClassIndex, options?: Options): Tensor;
  /**
   * Computes the same with a turn of the event loop between passes, `onProgress` and `signal`.
   * Resolves to the same numbers to the bit; the input may be disposed as soon as the promise is
   * returned.
   */
  readonly async: (
    model: M,
    input: Tensor | ImageInput,
    classIndex: ClassIndex,
    options?: Options & AsyncOptions,
  ) => Promise<Tensor>;
}

/** What a method starts from, for lists of methods. */
export type MethodGroup = 'gradient' | 'where' | 'relevance' | 'blackBox';

/** What a method is made of. */
export interface MethodDefinition<Table extends OptionTable> {
  readonly name: string;
  /** Default: `'gradient'`. */
  readonly group?: MethodGroup | undefined;
  /** Its options besides those of every method. */
  readonly options: Table;
  /** Its defaults of the options of every method, where they differ. */
  readonly defaults?: Partial<AttributionOptions>;
  /** How many inputs the model is run on for one image, or about; for progress. Default: 1. */
  readonly inputsPerImage?: (options: ValuesOf<Table>) => number;
  /** Attributes to rows [r, ...]: for each of the m classes a tensor [r, ...]. */
  readonly attribute: (context: Context, rows: Tensor, options: ValuesOf<Table>) => Task<Tensor[]>;
  /**
   * Of a complete method: computes what the attributions of a row fall short of its score by, m
   * tensors [r].
   */
  readonly referenceScores?:
    ((context: Context, rows: Tensor, options: ValuesOf<Table>) => Task<Tensor[]>) | undefined;
}

/** A method as the drivers see it, whatever its options are. */
export interface Method {
  readonly name: string;
  readonly group: MethodGroup;
  /** Undefined for a custom function, whose options are not known. */
  readonly options: OptionTable | undefined;
  /** Checks the method's options and fills in the defaults. */
  readOptions(options: object): object;
  /** Fills the method's defaults into the options of every method. */
  withDefaults(options: AttributionOptions): AttributionOptions;
  inputsPerImage(options: object): number;
  attribute(context: Context, rows: Tensor, options: object): Task<Tensor[]>;
  /** Undefined for a method that is not complete. */
  readonly referenceScores?:
    ((context: Context, rows: Tensor, options: object) => Task<Tensor[]>) | undefined;
}

const methods = new WeakMap<object, Method>();

/** Finds the method behind a public function; undefined for custom functions. */
export function methodOf(attribution: object): Method | undefined {
  return methods.get(attribution);
}

/** Makes the public function of a method. */
/* @__NO_SIDE_EFFECTS__ */
export function defineMethod<Table extends OptionTable, M = Model>(
  definition: MethodDefinition<Table>,
): Attribution<OptionsOf<Table> & AttributionOptions, M> {
  const { name, group = 'gradient', options: table, defaults = {} } = definition;
  const { inputsPerImage = () => 1, attribute } = definition;
  const method: Method = {
    name,
    group,
    options: table,
    readOptions: (options) => readOptions(table, options),
    withDefaults: (options) => ({ ...defaults, ...definedOptions(options) }),
    inputsPerImage: (options) => inputsPerImage(options as ValuesOf<Table>),
    attribute: (context, rows, options) => attribute(context, rows, options as ValuesOf<Table>),
    referenceScores: definition.referenceScores as Method['referenceScores'],
  };
  const attribution = attributionOf(method);
  methods.set(attribution, method);
  return attribution as unknown as Attribution<OptionsOf<Table> & AttributionOptions, M>;
}

/** Makes the synchronous and the asynchronous function of a method. */
function attributionOf(method: Method): Attribution<object> {
  const { name } = method;
  const sync = (...[model, input, classIndex, options = {}]: Call) =>
    inFunction(name, () => {
      checkCall(method, options);
      const run = openRun(method, model, input, classIndex, options);
      try {
        return tidy(() => {
          const result = runSync(run.task);
          checkFiniteSync(result);
          return result;
        });
      } finally {
        run.context.dispose();
      }
    });
  const async = (...[model, input, classIndex, options = {}]: Call<AsyncOptions>) =>
    inFunction(`${name}.async`, () => runLong(method, model, input, classIndex, options));
  return withName(name, Object.assign(sync, { async: withName(`${name}Async`, async) }));
}

type Call<Options extends object = object> = [
  model: AnyModel,
  input: Tensor | ImageInput,
  classIndex: ClassIndex,
  options?: Options,
];

/** @throws TypeError for an option that neither the method nor every method has */
function checkCall(method: Method, options: object, ...tables: readonly OptionTable[]): void {
  if (method.options === undefined) checkBag('options', options);
  else checkKnown(options, attributionOptions, method.options, ...tables);
}

export interface MethodRun {
  readonly context: Context;
  /** Resolves to the result as the caller gets it, and owns it. */
  readonly task: Task<Tensor>;
  /** How many inputs the model will be run on. */
  readonly total: number;
}

/** Checks the arguments of a call and makes its task. The caller disposes the context. */
export function openRun(
  ...[method, ...call]: [method: Method, ...call: Required<Call>]
): MethodRun {
  const [model, input, classIndex, options] = call;
  const values = method.readOptions(options);
  const context = openContext(model, input, classIndex, method.withDefaults(options));
  return {
    context,
    task: context.guarded(attributeInput(method, context, values)),
    total: context.images * method.inputsPerImage(values),
  };
}

function* attributeInput(method: Method, context: Context, options: object): Task<Tensor> {
  const maps = yield* method.attribute(context, context.input, options);
  try {
    return tidy(() => context.shaped(stack(maps)));
  } finally {
    dispose(maps);
  }
}

/** Runs a method with turns of the event loop, progress and abort. */
export async function runLong(
  ...[method, model, input, classIndex, options]: [
    method: Method,
    ...call: Required<Call<AsyncOptions>>,
  ]
): Promise<Tensor> {
  checkCall(method, options, asyncOptions);
  const { onProgress, signal } = readOptions(asyncOptions, options);
  throwIfAborted(signal);
  const { context, task, total } = openRun(method, model, input, classIndex, options);
  context.signal = signal;
  const tell = progressTeller(context, onProgress);
  try {
    const result = await runAsync(task, () => {
      throwIfAborted(signal);
      return tell(context.rowsExpected ?? total);
    });
    try {
      await checkFinite(result);
      await yieldToEventLoop();
      throwIfAborted(signal);
      await tell(context.rowsDone);
    } catch (error) {
      result.dispose();
      throw error;
    }
    return result;
  } finally {
    context.dispose();
  }
}

/** Gives a function the name it is exported by, which `.name` and stack traces show. */
export function withName<F extends object>(name: string, f: F): F {
  return Object.defineProperty(f, 'name', { value: name });
}
