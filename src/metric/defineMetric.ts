/**
 * A metric is a task on a context and the numbers of a map; everything else that a metric has
 * (checks, the synchronous and the asynchronous function, workers) is made of it here.
 *
 * Letters: [...] the shape of one input, r rows of a batch.
 */
import { tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { outOfRange } from '../checks.js';
import { inFunction, toBeNamed } from '../inFunction.js';
import { attributionOptions } from '../method/attributionOptions.js';
import type { AttributionOptions } from '../method/attributionOptions.js';
import { openContext } from '../method/context.js';
import type { Context } from '../method/context.js';
import { withName } from '../method/defineMethod.js';
import { progressTeller } from '../method/tellProgress.js';
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
import type { ClassIndex } from '../score/classIndex.js';
import { readMap, readMapSync } from './mapNumbers.js';
import type { MapNumbers, MetricMap } from './mapNumbers.js';

/** What every metric tells. */
export interface MetricResult {
  /** The figure by which maps are compared. */
  readonly score: number;
}

/** A metric that asks the model, with its asynchronous form. */
export interface Metric<
  Options extends object = AttributionOptions,
  Result extends MetricResult = MetricResult,
> {
  /**
   * Measures a map of one image.
   *
   * @param model as for the methods
   * @param input one image, as for the methods, with or without batch dimension
   * @param classIndex one class, the one that the map explains
   * @param map [h, w], [h, w, 1] or [h, w, c] of the size of the model's input, with or without
   * batch dimension; a tensor or `{ data, shape }`
   * @throws TypeError or RangeError for a wrong argument
   */
  (
    model: Model,
    input: Tensor | ImageInput,
    classIndex: ClassIndex,
    map: MetricMap,
    options?: Options,
  ): Result;
  /**
   * Computes the same with a turn of the event loop between passes, `onProgress`, `signal`; of
   * asynchronous models too.
   */
  readonly async: (
    model: AnyModel,
    input: Tensor | ImageInput,
    classIndex: ClassIndex,
    map: MetricMap,
    options?: Options & AsyncOptions,
  ) => Promise<Result>;
}

/** What a metric has found, still on the backend. */
export interface Measurement<Result> {
  /** Owned by who reads it. */
  readonly values: Tensor;
  /** Makes the result of the numbers of `values`. */
  readonly resultOf: (values: Float32Array) => Result;
}

/** What a metric judges. */
export interface Subject {
  readonly map: MapNumbers;
  /** The numbers of the input as the model takes it, [1, ...]. */
  readonly input: Float32Array;
}

export interface MetricDefinition<Table extends OptionTable, Result extends MetricResult> {
  readonly name: string;
  /** Whether a higher or a lower score tells the better map. */
  readonly better: Better;
  /** Its options besides those of every method. */
  readonly options: Table;
  /** Its defaults of the options of every method, where they differ. */
  readonly defaults?: Partial<AttributionOptions>;
  /** Whether it takes an attribution with its channels. Default: one number a pixel only. */
  readonly takesChannels?: boolean;
  /** How many inputs the model is run on, or about; for progress. */
  readonly inputs: (options: ValuesOf<Table>) => number;
  readonly measure: (
    context: Context,
    subject: Subject,
    options: ValuesOf<Table>,
  ) => Task<Measurement<Result>>;
}

export type Better = 'higher' | 'lower';

/** What is known of a metric by its public function. */
export interface MetricInfo {
  readonly name: string;
  readonly better: Better;
  readonly options: OptionTable;
  /** Whether it judges a map, or a method, which it asks for maps. */
  readonly judges: 'map' | 'method';
  /** Whether it takes an attribution with its channels, at its own scale, as it is. */
  readonly takesChannels: boolean;
}

const metrics = new WeakMap<object, MetricInfo>();

/** Finds what is known of a metric; undefined for other functions. */
export function metricOf(metric: object): MetricInfo | undefined {
  return metrics.get(metric);
}

/** Makes a function known as a metric. */
export function registerMetric<F extends object>(metric: F, info: MetricInfo): F {
  metrics.set(metric, info);
  return metric;
}

type Call<Options extends object = object> = [
  model: AnyModel,
  input: Tensor | ImageInput,
  classIndex: ClassIndex,
  map: MetricMap,
  options?: Options,
];

/** Makes the public function of a metric. */
/* @__NO_SIDE_EFFECTS__ */
export function defineMetric<Table extends OptionTable, Result extends MetricResult>(
  definition: MetricDefinition<Table, Result>,
): Metric<OptionsOf<Table> & AttributionOptions, Result> {
  const { name, options: table, better, inputs, measure } = definition;
  const { defaults = {}, takesChannels = false } = definition;

  const open = (
    model: AnyModel,
    input: Tensor | ImageInput,
    classIndex: ClassIndex,
    options: object,
  ) => {
    const values = readOptions(table, options);
    const all = { ...defaults, ...definedOptions(options) };
    return { values, context: openSingle(model, input, classIndex, all) };
  };
  const sync = (...[model, input, classIndex, map, options = {}]: Call): Result =>
    inFunction(name, () => {
      checkKnown(options, attributionOptions, table);
      const { context, values } = open(model, input, classIndex, options);
      try {
        const subject = {
          map: readMapSync('map', map),
          input: context.input.dataSync<'float32'>(),
        };
        return measureSync(context, measure(context, subject, values));
      } finally {
        context.dispose();
      }
    });
  const async = (...[model, input, classIndex, map, options = {}]: Call<AsyncOptions>) =>
    inFunction(`${name}.async`, async (): Promise<Result> => {
      checkKnown(options, attributionOptions, table, asyncOptions);
      const watch = readOptions(asyncOptions, options);
      throwIfAborted(watch.signal);
      const reading = readMap('map', map);
      reading.catch(() => undefined); // reported below, where it is awaited
      const { context, values } = open(model, input, classIndex, options);
      context.signal = watch.signal;
      try {
        const subject = { map: await reading, input: await context.input.data<'float32'>() };
        const task = measure(context, subject, values);
        return await measureAsync(context, task, inputs(values), watch);
      } finally {
        context.dispose();
      }
    });
  const metric = withName(name, Object.assign(sync, { async: withName(`${name}Async`, async) }));
  return registerMetric(metric, { name, better, options: table, judges: 'map', takesChannels });
}

/** @throws RangeError for several images or classes */
export function openSingle(...call: Parameters<typeof openContext>): Context {
  const context = openContext(...call);
  if (context.images === 1 && context.classes === 1) return context;
  const { images, classes } = context;
  context.dispose();
  const which = images > 1 ? 'input' : 'classIndex';
  const what = images > 1 ? 'image' : 'class';
  const found = `${Math.max(images, classes)} of them`;
  throw toBeNamed(
    new RangeError(`${which} must be one ${what}, got ${found}; measure one after another`),
  );
}

export function measureSync<Result>(context: Context, task: Task<Measurement<Result>>): Result {
  let result!: Result;
  tidy(() => {
    const { values, resultOf } = runSync(context.guarded(task));
    result = resultOf(checked(values.dataSync<'float32'>()));
  });
  return result;
}

export async function measureAsync<Result>(
  context: Context,
  task: Task<Measurement<Result>>,
  total: number,
  { onProgress, signal }: AsyncOptions,
): Promise<Result> {
  const tell = progressTeller(context, onProgress);
  const { values, resultOf } = await runAsync(context.guarded(task), () => {
    throwIfAborted(signal);
    return tell(context.rowsExpected ?? total);
  });
  try {
    const result = resultOf(checked(await values.data<'float32'>()));
    throwIfAborted(signal);
    await tell(context.rowsDone);
    return result;
  } finally {
    values.dispose();
  }
}

/** @throws RangeError for scores that are NaN or infinite, of which no figure can be made */
function checked(values: Float32Array): Float32Array {
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong === undefined) return values;
  throw outOfRange("the model's score", 'finite for every changed input', wrong);
}
