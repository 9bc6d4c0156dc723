/** The methods of a connection: the library's, whose work is done in workers. */
import type { AttributionOptions } from '../method/arguments.js';
import type { IntegratedGradientsOptions } from '../method/integratedGradients.js';
import type { SmoothingStep } from '../method/smoothing/longRunOptions.js';
import type { NOISES } from '../method/smoothing/noise.js';
import type {
  SmoothGradAsyncOptions,
  SmoothGradStepsOptions,
} from '../method/smoothing/smoothGrad.js';
import type { PreprocessingPreset } from '../preprocessing/preprocessing.js';
import type { ClassIndex } from '../target/classIndex.js';
import type { NamedScore } from '../target/score.js';
import type { ResultOf, WorkerInput } from './input.js';
import type { PresetName } from './serve/received.js';

/**
 * Options of a method as they are here, where functions cannot cross: `load` may return those
 * beside the model.
 */
export type Sendable<Options> = Omit<Options, 'preprocess' | 'score' | 'noise'> & {
  /**
   * A preset, the name of one of the library's, or one of createPreprocessing's. Default: what
   * `load` returned.
   */
  preprocess?: PreprocessingPreset | PresetName | undefined;
  /** Rejects the call at once; see {@link Saliency}. */
  signal?: AbortSignal | undefined;
} & ('score' extends keyof Options
    ? { /** As in the library. */ score?: NamedScore | undefined }
    : unknown) &
  ('noise' extends keyof Options
    ? { /** As in the library. */ noise?: (typeof NOISES)[number] | undefined }
    : unknown);

/** A step of SmoothGrad, whose map and standard error are tensors if the input was one. */
export type StepOf<Input> = Omit<SmoothingStep, 'map' | 'standardError'> & {
  readonly map: ResultOf<Input>;
  readonly standardError?: ResultOf<Input>;
};

/**
 * The library's methods, computed in workers. The first argument is, in the place of the model, the
 * value that `load` of {@link serveSaliency} is handed: anything that can be sent to a worker. Each
 * worker keeps its model until `release`; values of the same content (of files and buffers: the
 * same object) stand for the same model.
 *
 * Input, class index and options are those of the library's method of the same name, and so is the
 * result: a tensor if the input was one, which the caller owns, else its numbers and shape, so that
 * this thread needs no tfjs. Each worker is sent a copy of the input, whose buffer is transferred,
 * as are those of results; the caller's own stay whole.
 *
 * Maps are merged, and their reliability computed, in the thread that connects: for maps of many
 * pixels, connect in a worker of its own where no frame may be dropped.
 *
 * Errors are the library's, with their class and message, as rejections. `signal` rejects a call at
 * once, and the workers end it within one pass. When a worker dies, its pending calls are rejected,
 * and the next call starts it anew, if `connectSaliency` was given a function. (Of a Web Worker
 * that was closed, only pages of https and localhost are told.)
 */
export interface Saliency<Spec = unknown> {
  /**
   * The model's outputs, one number per class: [k] for an input without batch dimension, else [n,
   * k].
   */
  predict<Input extends WorkerInput>(
    spec: Spec,
    input: Input,
    options?: Sendable<Omit<AttributionOptions, 'score'>>,
  ): Promise<ResultOf<Input>>;
  vanillaGradient<Input extends WorkerInput>(
    spec: Spec,
    input: Input,
    classIndex: ClassIndex,
    options?: Sendable<AttributionOptions>,
  ): Promise<ResultOf<Input>>;
  gradientTimesInput<Input extends WorkerInput>(
    spec: Spec,
    input: Input,
    classIndex: ClassIndex,
    options?: Sendable<AttributionOptions>,
  ): Promise<ResultOf<Input>>;
  integratedGradients<Input extends WorkerInput>(
    spec: Spec,
    input: Input,
    classIndex: ClassIndex,
    options?: Sendable<IntegratedGradientsOptions>,
  ): Promise<ResultOf<Input>>;
  /**
   * As the library's `smoothGradAsync`, all methods being asynchronous here. The samples are shared
   * out between all workers; the map for a seed is the same for any number of them, and the
   * library's to float32 rounding.
   */
  smoothGrad<Input extends WorkerInput>(
    spec: Spec,
    input: Input,
    classIndex: ClassIndex,
    options?: Sendable<SmoothGradAsyncOptions>,
  ): Promise<ResultOf<Input>>;
  /**
   * The map of `smoothGrad` as it converges. Leaving the loop early ends the run in the workers.
   */
  smoothGradSteps<Input extends WorkerInput>(
    spec: Spec,
    input: Input,
    classIndex: ClassIndex,
    options?: Sendable<SmoothGradStepsOptions>,
  ): AsyncGenerator<StepOf<Input>, void, undefined>;
  /** Frees the model in all workers, as soon as nothing uses it. */
  release(spec: Spec): Promise<void>;
  /** Ends all workers; pending and later calls are rejected. */
  close(): Promise<void>;
}
