import type { Tensor } from '@tensorflow/tfjs-core';
import { aggregateChannels, CHANNEL_METHODS } from '../aggregation/aggregateChannels.js';
import type { ChannelMethod } from '../aggregation/aggregateChannels.js';
import { checkBag, checkChoice, checkFunction, outOfRange, wrongType } from '../checks.js';
import { inFunction } from '../inFunction.js';
import { attributionOptions } from '../method/attributionOptions.js';
import type { AttributionOptions } from '../method/attributionOptions.js';
import type { AttributionFunction } from '../method/customMethod.js';
import { readArgmax } from '../metric/defineAttributionMetric.js';
import type { AttributionMetric } from '../metric/defineAttributionMetric.js';
import { metricOf, openSingle } from '../metric/defineMetric.js';
import type { Better, Metric, MetricInfo, MetricResult } from '../metric/defineMetric.js';
import type { Model } from '../model/model.js';
import { checkKnown, option, optionTable, readOptions } from '../options.js';
import type { ImageInput } from '../preprocessing/image.js';
import { checkSignal, throwIfAborted } from '../run/abort.js';
import type { ClassIndex } from '../score/classIndex.js';
import { switchableModel } from '../sanity/switchableModel.js';
import { summarize } from './summary.js';
import type { Score, Summary } from './summary.js';

/** A metric of a map or of a method, of the library or around one. */
export type EvaluationMetric = Metric<never, MetricResult> | AttributionMetric<never, MetricResult>;

/** What one method took for one photo. */
export interface Cost {
  readonly photo: number;
  readonly method: string;
  readonly seconds: number;
  /** How many inputs the model was run on. */
  readonly passes: number;
}

export interface Evaluation {
  readonly scores: readonly Score[];
  readonly costs: readonly Cost[];
  /** Means over the photos with 95 % intervals, and the ranks of the methods. */
  readonly summary: readonly Summary[];
}

function checkMethods(argument: string, value: unknown): asserts value is Methods {
  checkBag(argument, value);
  if (Object.keys(value).length === 0) throw outOfRange(argument, 'one function or more', value);
  for (const [name, method] of Object.entries(value)) checkFunction(`${argument}.${name}`, method);
}

function checkMetrics(argument: string, value: unknown): asserts value is Metrics {
  checkMethods(argument, value);
  for (const [name, metric] of Object.entries(value)) {
    if (metricOf(metric) !== undefined) continue;
    throw wrongType(`${argument}.${name}`, 'a metric of the library, such as deletion', metric);
  }
}

function checkAggregate(argument: string, value: unknown): asserts value is ChannelMethod {
  checkChoice(argument, value, CHANNEL_METHODS);
}

type Methods = Readonly<Record<string, AttributionFunction<never>>>;
type Metrics = Readonly<Record<string, EvaluationMetric>>;
type OptionsByName = Readonly<Record<string, object>>;

const evaluationOptions = /* @__PURE__ */ optionTable(() => ({
  /** Methods by the names that results call them. */
  methods: option<Methods>(checkMethods, {}),
  /** Metrics by the names that results call them. */
  metrics: option<Metrics>(checkMetrics, {}),
  /** Options of methods, by their names. Default: none. */
  methodOptions: option<OptionsByName>(checkBag as never, {}),
  /** Options of metrics, by their names. Default: none. */
  metricOptions: option<OptionsByName>(checkBag as never, {}),
  /** Which class is explained in each photo. Default `'argmax'`. */
  classIndex: option<ClassIndex>(() => undefined, 'argmax'),
  /**
   * How the channels of an attribution become one number a pixel, for metrics that take such.
   * Default `'maxAbs'`; maps of one channel stay signed.
   */
  aggregate: option<ChannelMethod>(checkAggregate, 'maxAbs'),
  /** Called with each score, so that a long run can be saved. */
  onScore: option<((score: Score) => void) | undefined>(() => undefined, undefined),
  /** Ends the run between two scores. */
  signal: option<AbortSignal | undefined>(checkSignal, undefined),
}));

/** Options of {@link evaluate}, with those of every method. */
export interface EvaluationOptions extends Omit<AttributionOptions, 'score'> {
  methods: Methods;
  metrics: Metrics;
  methodOptions?: OptionsByName;
  metricOptions?: OptionsByName;
  classIndex?: ClassIndex;
  aggregate?: ChannelMethod;
  onScore?: (score: Score) => void;
  signal?: AbortSignal;
}

/**
 * Measures methods by metrics over photos, for your own model: which map should you believe?
 *
 * Have the maps `randomMap` and `edgeMap` among the methods: a method that is no better than these
 * says nothing by that metric. Metrics disagree; the differences count that are larger than their
 * intervals.
 *
 * @param photos images, as for the methods; one after another
 * @throws TypeError or RangeError (as a rejection) for a wrong argument
 *
 * @example
 * ```ts
 * const { summary } = await evaluate(model, photos, {
 *   preprocess: mobilenetV2,
 *   methods: { gradCam, integratedGradients, randomMap, edgeMap },
 *   metrics: { deletion, insertion, road },
 * });
 * ```
 */
export function evaluate(
  model: Model,
  photos: readonly (Tensor | ImageInput)[],
  options: EvaluationOptions,
): Promise<Evaluation> {
  return inFunction('evaluate', async () => {
    checkKnown(options, evaluationOptions, attributionOptions);
    const values = readOptions(evaluationOptions, options);
    checkMethods('methods', values.methods);
    checkMetrics('metrics', values.metrics);
    if (!Array.isArray(photos)) throw wrongType('photos', 'an array of images', photos);
    if (photos.length === 0) throw outOfRange('photos', 'one image or more', photos);
    const shared = Object.fromEntries(
      Object.entries(options).filter(([name]) => !(name in evaluationOptions)),
    );
    const scores: Score[] = [];
    const costs: Cost[] = [];
    for (const [photo, input] of (photos as (Tensor | ImageInput)[]).entries()) {
      const classIndex = await resolved(model, input, values.classIndex, shared);
      for (const name of Object.keys(values.methods)) {
        throwIfAborted(values.signal);
        const run = { model, input, classIndex, shared, values, name };
        const { map, seconds, passes } = await mapOf(run);
        try {
          costs.push({ photo, method: name, seconds, passes });
          for (const metric of Object.keys(values.metrics)) {
            throwIfAborted(values.signal);
            const score = { photo, method: name, metric, score: await scoreOf(run, metric, map) };
            scores.push(score);
            values.onScore?.(score);
          }
        } finally {
          map.dispose();
        }
      }
    }
    return { scores, costs, summary: summarize(scores, betterOf(values.metrics)) };
  });
}

/** Tells of each metric whether a higher or a lower score is better. */
export function betterOf(metrics: Metrics): Record<string, Better> {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, metric]) => [name, metricOf(metric)!.better]),
  );
}

/** Finds the class of a photo, so that every method and metric explains the same. */
async function resolved(
  model: Model,
  input: Tensor | ImageInput,
  classIndex: ClassIndex,
  options: object,
): Promise<ClassIndex> {
  const context = openSingle(model, input, classIndex, options);
  try {
    await readArgmax(context);
    const found = context.resolvedClassIndex();
    return Array.isArray(found) ? (found[0] as number) : found;
  } finally {
    context.dispose();
  }
}

interface Run {
  readonly model: Model;
  readonly input: Tensor | ImageInput;
  readonly classIndex: ClassIndex;
  /** The options of every method. */
  readonly shared: object;
  readonly values: ReturnType<typeof readOptions<typeof evaluationOptions>>;
  /** Of the method. */
  readonly name: string;
}

type AnyAttribution = AttributionFunction<object> & {
  readonly async?: (...call: Parameters<AttributionFunction<object>>) => Promise<Tensor>;
};

async function mapOf({ model, input, classIndex, shared, values, name }: Run) {
  const attribution = values.methods[name] as AnyAttribution;
  const counted = countingModel(model);
  const start = performance.now();
  const all = { ...shared, ...values.methodOptions[name] };
  const compute = attribution.async ?? attribution;
  const map = await compute(counted.model, input as Tensor, classIndex, all);
  return { map, seconds: (performance.now() - start) / 1000, passes: counted.passes() };
}

async function scoreOf(run: Run, name: string, attribution: Tensor): Promise<number> {
  const { model, input, classIndex, shared, values } = run;
  const metric = values.metrics[name]!;
  const info: MetricInfo = metricOf(metric)!;
  const all = { ...shared, ...values.metricOptions[name] } as never;
  if (info.judges === 'method') {
    const { async } = metric as AttributionMetric<object, MetricResult>;
    const method = values.methods[run.name] as AttributionFunction<object>;
    const options = { ...(all as object), methodOptions: { ...values.methodOptions[run.name] } };
    return (await async(method, model, input, classIndex, options)).score;
  }
  const { async } = metric as Metric<never, MetricResult>;
  const isMap = attribution.shape.at(-1) === 1 || attribution.rank < 3;
  if (info.takesChannels || isMap) {
    return (await async(model, input, classIndex, attribution, all)).score;
  }
  const map = aggregateChannels(attribution, values.aggregate);
  try {
    return (await async(model, input, classIndex, map, all)).score;
  } finally {
    map.dispose();
  }
}

/** Counts the inputs that a model is run on. */
function countingModel(model: Model): { model: Model; passes: () => number } {
  let rows = 0;
  const counting = switchableModel(model, (input) => {
    rows += input.shape[0] ?? 1;
  });
  return { model: counting.model, passes: () => rows };
}
