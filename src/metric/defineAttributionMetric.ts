/** A metric of a method: it asks for maps of other inputs, so it takes the method itself. */
import { clone, keep } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { wrongType } from '../checks.js';
import { inFunction } from '../inFunction.js';
import type { AttributionOptions } from '../method/attributionOptions.js';
import { Context } from '../method/context.js';
import { customMethod } from '../method/customMethod.js';
import type { AttributionFunction } from '../method/customMethod.js';
import { methodOf, withName } from '../method/defineMethod.js';
import type { Method } from '../method/defineMethod.js';
import { attributionOptions } from '../method/attributionOptions.js';
import type { Model } from '../model/model.js';
import { checkKnown, readOptions } from '../options.js';
import type { OptionsOf, OptionTable, ValuesOf } from '../options.js';
import type { ImageInput } from '../preprocessing/image.js';
import { throwIfAborted } from '../run/abort.js';
import { asyncOptions } from '../run/progress.js';
import type { AsyncOptions } from '../run/progress.js';
import { runAsync } from '../run/task.js';
import type { Task } from '../run/task.js';
import { toTarget } from '../score/classIndex.js';
import type { ClassIndex } from '../score/classIndex.js';
import { measureAsync, measureSync, openSingle, registerMetric } from './defineMetric.js';
import type { Better, Measurement, MetricResult } from './defineMetric.js';
import { methodOptionsTable, optionsOfMethod } from './methodOptions.js';
import type { ForMethod } from './methodOptions.js';

/** A metric of a method, with its asynchronous form. */
export interface AttributionMetric<Options extends object, Result extends MetricResult> {
  /**
   * Measures a method at one image.
   *
   * @param attribution a method of the library, or any {@link AttributionFunction}
   * @param model as for the methods
   * @param input one image, as for the methods, with or without batch dimension
   * @param classIndex one class
   * @param options those of the metric, and of the attribution, which gets all others; what both
   *   have the same name for, it gets by `methodOptions`
   * @throws TypeError or RangeError for a wrong argument
   */
  <MethodOptions extends object>(
    attribution: AttributionFunction<MethodOptions>,
    model: Model,
    input: Tensor | ImageInput,
    classIndex: ClassIndex,
    options?: Options & MethodOptions & AttributionOptions & ForMethod,
  ): Result;
  /** Computes the same with a turn of the event loop between passes, `onProgress`, `signal`. */
  readonly async: <MethodOptions extends object>(
    attribution: AttributionFunction<MethodOptions>,
    model: Model,
    input: Tensor | ImageInput,
    classIndex: ClassIndex,
    options?: Options & MethodOptions & AttributionOptions & ForMethod & AsyncOptions,
  ) => Promise<Result>;
}

export interface AttributionMetricDefinition<
  Table extends OptionTable,
  Result extends MetricResult,
> {
  readonly name: string;
  readonly better: Better;
  readonly options: Table;
  /** How many maps are computed; for progress. */
  readonly maps: (options: ValuesOf<Table>) => number;
  readonly measure: (run: AttributionRun<ValuesOf<Table>>) => Task<Measurement<Result>>;
}

/** The arguments of a call, checked. */
export interface AttributionRun<Options> extends OpenedMethod {
  readonly options: Options;
}

/** A method and what it is applied to. */
export interface OpenedMethod {
  readonly context: Context;
  readonly method: Method;
  readonly methodOptions: object;
  /** Opens a context of the same input and options; the caller disposes it. */
  readonly reopen: (model: Model, classIndex: ClassIndex) => Context;
}

/** The arguments of a metric of methods. */
export type AttributionCall = [
  attribution: AttributionFunction<object>,
  model: Model,
  input: Tensor | ImageInput,
  classIndex: ClassIndex,
  options?: object,
];

/** Makes the public function of a metric of methods. */
/* @__NO_SIDE_EFFECTS__ */
export function defineAttributionMetric<Table extends OptionTable, Result extends MetricResult>(
  definition: AttributionMetricDefinition<Table, Result>,
): AttributionMetric<OptionsOf<Table>, Result> {
  const { name, better, options: table, maps, measure } = definition;
  const open = (...call: AttributionCall) => {
    const options = readOptions(table, call[4] ?? {});
    const opened = openMethod(call, { ...table, ...asyncOptions });
    const { context, method, methodOptions } = opened;
    const total = maps(options) * method.inputsPerImage(methodOptions);
    return { context, task: measure({ ...opened, options }), total };
  };
  const sync = (...call: AttributionCall): Result =>
    inFunction(name, () => {
      checkCall(call, table);
      const { context, task } = open(...call);
      try {
        return measureSync(context, task);
      } finally {
        context.dispose();
      }
    });
  const async = (...call: AttributionCall) =>
    inFunction(`${name}.async`, async (): Promise<Result> => {
      checkCall(call, table, asyncOptions);
      const watch = readOptions(asyncOptions, call[4] ?? {});
      throwIfAborted(watch.signal);
      const { context, task, total } = open(...call);
      try {
        await readArgmax(context);
        return await measureAsync(context, task, total, watch);
      } finally {
        context.dispose();
      }
    });
  const metric = withName(name, Object.assign(sync, { async: withName(`${name}Async`, async) }));
  const info = { name, better, options: table, judges: 'method', takesChannels: false } as const;
  registerMetric(metric, info);
  return metric as AttributionMetric<OptionsOf<Table>, Result>;
}

/** @throws TypeError for what is no function, or an option that neither of the two has */
export function checkCall(
  [attribution, , , , options = {}]: AttributionCall,
  ...tables: OptionTable[]
): void {
  if (typeof attribution !== 'function') throw wrongType('attribution', 'a function', attribution);
  const { methodOptions } = readOptions(methodOptionsTable, options);
  const method = methodOf(attribution)?.options;
  if (method === undefined) return;
  checkKnown(options, attributionOptions, method, methodOptionsTable, ...tables);
  checkKnown(methodOptions, attributionOptions, method);
}

/**
 * Checks the arguments that all metrics of methods have. The caller disposes the context.
 * @param table the metric's options, which are not passed on to the attribution
 */
export function openMethod(
  [attribution, model, input, classIndex, options = {}]: AttributionCall,
  table: OptionTable,
): OpenedMethod {
  const method = methodOf(attribution) ?? customMethod(attribution, ['preprocess']);
  const given = optionsOfMethod(options, table, method.options);
  const methodOptions = method.readOptions(given);
  const all = method.withDefaults(given);
  const context = openSingle(model, input, classIndex, all);
  const reopen = (other: Model, index: ClassIndex): Context => {
    const rows = keep(clone(context.input));
    return new Context(
      other,
      rows,
      index,
      toTarget(index, 1),
      true,
      readOptions(attributionOptions, all),
    );
  };
  return { context, method, methodOptions, reopen };
}

/** Reads the class that 'argmax' stands for, which some backends cannot do at once. */
export async function readArgmax(context: Context): Promise<void> {
  await runAsync(context.guarded(context.resolveArgmax()), () => undefined);
  await context.readPredicted();
}
