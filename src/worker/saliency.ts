/** The methods of a connection: the library's, whose work is done in workers. */
import type { AttributionOptions } from '../method/attributionOptions.js';
import type { Attribution } from '../method/defineMethod.js';
import type * as methods from '../method/index.js';
import type { AttributionMetric } from '../metric/defineAttributionMetric.js';
import type { Metric, MetricResult } from '../metric/defineMetric.js';
import type { MetricMap } from '../metric/mapNumbers.js';
import type { PreprocessingPreset } from '../preprocessing/preprocessing.js';
import type { AsyncOptions } from '../run/progress.js';
import type { RandomizationStep } from '../sanity/parameterRandomizationTest.js';
import type { ClassIndex } from '../score/classIndex.js';
import type { NamedScore } from '../score/score.js';
import type {
  LongRunOptions,
  SmoothingStepOf,
  StepsOptions,
} from '../smoothing/convergenceOptions.js';
import type { NOISES } from '../smoothing/noise.js';
import type { SmoothingOptions } from '../smoothing/smoothingOptions.js';
import type { View } from '../smoothing/view.js';
import type { ResultOf, WorkerInput } from './encodeInput.js';
import type { ArrayTensor } from './protocol.js';
import type { PresetName } from './serve/decode.js';
import type * as metrics from './serve/metrics.js';
import type { PredictOptions } from './serve/predict.js';

/** Options that functions or presets may be in, which cross as what they are here. */
interface CrossingOptions {
  /**
   * A preset, the name of one of the library's, or one of createPreprocessing's. Default: what
   * `load` returned.
   */
  preprocess?: PreprocessingPreset | PresetName | undefined;
  /** As in the library, but no function: `load` may return one beside the model. */
  score?: NamedScore | undefined;
  /** As in the library, but no function: `load` may return one beside the model. */
  noise?: (typeof NOISES)[number] | undefined;
  /** As in the library, of the map's numbers and shape; it stays on this side. */
  reliabilityOf?: View<ArrayTensor> | undefined;
}

/**
 * Options of a method that can be sent to a worker; `load` may return functions beside the model.
 */
export type Sendable<Options> = Omit<Options, keyof CrossingOptions | 'gradients'> &
  Pick<CrossingOptions, keyof Options & keyof CrossingOptions>;

type Methods = typeof methods;
type MethodName = keyof Methods;
type OptionsOfMethod<Name extends MethodName> =
  Methods[Name] extends Attribution<infer Options> ? Options : never;

/** The methods that learn from samples. */
type SamplingName = {
  [Name in MethodName]: Methods[Name] extends { readonly steps: unknown } ? Name : never;
}[MethodName];

type LongOptions<Name> = Name extends SamplingName ? LongRunOptions : AsyncOptions;

type Metrics = typeof metrics;
/** The metrics that ask a model; the others need no worker. */
type MetricName = {
  [Name in keyof Metrics]: Metrics[Name] extends JudgesMap | JudgesMethod ? Name : never;
}[keyof Metrics];
type JudgesMap = Metric<never, MetricResult>;
interface JudgesMethod {
  async: AttributionMetric<never, MetricResult>['async'];
}

type SubjectOf<Name extends MetricName> = Metrics[Name] extends JudgesMap ? MetricMap : MethodName;
type ResultOfMetric<Name extends MetricName> = ReturnType<Metrics[Name]>;
type OptionsOfMetric<Name extends MetricName> =
  Metrics[Name] extends Metric<infer Options>
    ? Options
    : Metrics[Name] extends AttributionMetric<infer Options, MetricResult>
      ? Options & AttributionOptions & Readonly<Record<string, unknown>>
      : AttributionOptions & Readonly<Record<string, unknown>>;

/**
 * Every method of the library, under its name. Those that learn from samples share these between
 * all workers.
 */
export type SaliencyMethods<ModelRef> = {
  readonly [Name in MethodName]: <Input extends WorkerInput>(
    modelRef: ModelRef,
    input: Input,
    classIndex: ClassIndex,
    options?: Sendable<OptionsOfMethod<Name> & LongOptions<Name>>,
  ) => Promise<ResultOf<Input>>;
};

/** A step of the parameter randomisation test, with the numbers of its map. */
export type PlainRandomizationStep = Omit<RandomizationStep, 'map'> & { readonly map: ArrayTensor };

/** A step of smoothing, whose map and standard error are tensors if the input was one. */
export type StepOf<Input> = SmoothingStepOf<ResultOf<Input>>;

/** What a connection has besides the methods. */
export interface SaliencyBase<ModelRef> {
  /** Computes the model's outputs, [k] for an input without batch dimension, else [n, k]. */
  predict<Input extends WorkerInput>(
    modelRef: ModelRef,
    input: Input,
    options?: Sendable<PredictOptions & AsyncOptions>,
  ): Promise<ResultOf<Input>>;
  /**
   * Computes a metric or a sanity check of the library by its name.
   * @param subject a map, or for metrics of methods the name of one
   */
  measure<Name extends MetricName>(
    metric: Name,
    modelRef: ModelRef,
    input: WorkerInput,
    classIndex: ClassIndex,
    subject: SubjectOf<Name>,
    options?: Sendable<OptionsOfMetric<Name> & AsyncOptions>,
  ): Promise<ResultOfMetric<Name>>;
  /** Yields the steps of `parameterRandomizationTest` as one worker computes them. */
  randomizationSteps<Name extends MethodName>(
    method: Name,
    modelRef: ModelRef,
    input: WorkerInput,
    classIndex: ClassIndex,
    options?: Sendable<
      OptionsOfMetric<'parameterRandomizationTest'> & Pick<AsyncOptions, 'signal'>
    >,
  ): AsyncGenerator<PlainRandomizationStep, void, undefined>;
  /**
   * Computes what the library's `smooth(method).async` does. All workers share the samples;
   * the map for a seed is the same for any number of them, and the library's to float32 rounding.
   */
  smooth<Name extends MethodName, Input extends WorkerInput>(
    method: Name,
    modelRef: ModelRef,
    input: Input,
    classIndex: ClassIndex,
    options?: Sendable<OptionsOfMethod<Name> & SmoothingOptions & LongRunOptions>,
  ): Promise<ResultOf<Input>>;
  /** Yields the map of `smooth` as it converges; leaving the loop early ends the workers' run. */
  smoothSteps<Name extends MethodName, Input extends WorkerInput>(
    method: Name,
    modelRef: ModelRef,
    input: Input,
    classIndex: ClassIndex,
    options?: Sendable<OptionsOfMethod<Name> & SmoothingOptions & StepsOptions>,
  ): AsyncGenerator<StepOf<Input>, void, undefined>;
  /** Computes `smooth('vanillaGradient', ...)`. */
  smoothGrad<Input extends WorkerInput>(
    modelRef: ModelRef,
    input: Input,
    classIndex: ClassIndex,
    options?: Sendable<AttributionOptions & SmoothingOptions & LongRunOptions>,
  ): Promise<ResultOf<Input>>;
  /** Yields `smoothSteps('vanillaGradient', ...)`. */
  smoothGradSteps<Input extends WorkerInput>(
    modelRef: ModelRef,
    input: Input,
    classIndex: ClassIndex,
    options?: Sendable<AttributionOptions & SmoothingOptions & StepsOptions>,
  ): AsyncGenerator<StepOf<Input>, void, undefined>;
  /** The map of a method that learns from samples, as it converges. */
  steps<Name extends SamplingName, Input extends WorkerInput>(
    method: Name,
    modelRef: ModelRef,
    input: Input,
    classIndex: ClassIndex,
    options?: Sendable<OptionsOfMethod<Name> & Omit<StepsOptions, 'standardError'>>,
  ): AsyncGenerator<StepOf<Input>, void, undefined>;
  /** Frees the model in all workers, as soon as nothing uses it. */
  release(modelRef: ModelRef): Promise<void>;
  /** Ends all workers; pending and later calls are rejected. */
  close(): Promise<void>;
}

/**
 * The library's methods, computed in workers.
 *
 * The first argument is, in the place of the model, the value that `load` of {@link serveSaliency}
 * is handed: anything that can be sent to a worker. Each worker keeps its model until `release`;
 * values of the same content (of files and buffers: the same object) stand for the same model.
 *
 * Input, class index and options are those of the library's method of the same name, and so is the
 * result: a tensor if the input was one, which the caller owns, else its numbers and shape, so that
 * this thread needs no tfjs. Each worker is sent a copy of the input, whose buffer is transferred,
 * as are those of results; the caller's stay whole.
 *
 * Maps are merged, and their reliability computed, in the thread that connects: for maps of many
 * pixels, connect in a worker of its own where no frame may be dropped.
 *
 * Errors are the library's, with their class and message, as rejections. `signal` rejects a call at
 * once, and the workers end it within one pass. When a worker dies, its pending calls are rejected,
 * and the next call starts it anew, if `connectSaliency` was given a function. (The end of a
 * closed Web Worker is noticed only on pages of https and localhost.)
 */
export type Saliency<ModelRef = unknown> = SaliencyBase<ModelRef> & SaliencyMethods<ModelRef>;
