/**
 * What crosses between the two sides, as structured clones: no functions, no tensors, no classes.
 *
 * Letters: m explained classes per image, n images.
 */
import type { Progress } from '../run/progress.js';
import type { ClassIndex } from '../score/classIndex.js';
import type { Halves } from '../smoothing/shownReliability.js';
import type { MomentsData } from '../smoothing/statistic.js';

/** A tensor's numbers, row by row, and its shape. */
export interface ArrayTensor {
  readonly data: Float32Array<ArrayBuffer>;
  readonly shape: number[];
}

/** A tensor on its way; its buffer is transferred. */
export interface EncodedTensor {
  readonly kind: 'tensor';
  readonly data: Float32Array | Int32Array | Uint8Array;
  readonly shape: number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
}

/** As ImageData; its buffer is transferred. */
export interface EncodedPixels {
  readonly kind: 'pixels';
  readonly data: Float32Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** What is explained. */
export type EncodedInput =
  EncodedTensor | EncodedPixels | { readonly kind: 'bitmap'; readonly bitmap: ImageBitmap };

/** Options as they cross: a preset by its name or its options, tensors as {@link EncodedTensor}. */
export type EncodedOptions = Readonly<Record<string, unknown>>;

/** What stands for the model, with its key; the value comes with the first call only. */
export interface ModelSource {
  readonly key: string;
  readonly modelRef?: { readonly value: unknown };
}

/** What is computed, of what. */
export interface MethodCall {
  /** The name of a method of the library, or `predict`. */
  readonly method: string;
  /** What errors call the function. */
  readonly caller: string;
  readonly source: ModelSource;
  readonly input: EncodedInput;
  readonly classIndex: unknown;
  readonly options: EncodedOptions;
}

/** A metric or sanity check, of a map or of a method. */
export interface MeasureCall extends MethodCall {
  /** A map, or the name of a method. */
  readonly subject: ArrayTensor | string;
}

/** A step of the parameter randomisation test on its way. */
export interface EncodedStep {
  readonly name: string;
  readonly similarity: number;
  readonly map: ArrayTensor;
  readonly done: number;
  readonly total: number;
}

/** A run of smoothing around a method, of `total` samples at the most. */
export interface SmoothCall extends MethodCall {
  readonly total: number;
  /** Whether its options may be those of steps. */
  readonly inSteps: boolean;
}

/** A run of samples as a worker has opened it. */
export interface OpenedRun {
  readonly samplesPerPass: number;
}

/** A run of a sampling method as a worker has opened it. */
export interface OpenedSampling extends OpenedRun {
  /** How many samples there are at the most. */
  readonly total: number;
}

/** The maps of a sampling method, as far as its samples have been merged. */
export interface SampledMap {
  readonly map: ArrayTensor;
  /** With 'argmax' as numbers once there is a sample. */
  readonly classIndex: ClassIndex;
  /** One per map, 0 to 1. */
  readonly reliabilities: readonly number[];
  /** If they were asked for, and each has a sample. */
  readonly halves: Halves | undefined;
}

/** What a worker knows of some samples. */
export interface Chunk {
  /**
   * Of the samples (or pairs) of even and of odd number; then, with a standard error, of antithetic
   * pairs' averages.
   */
  readonly moments: readonly MomentsData[];
  /** m * n */
  readonly maps: number;
  /** Of the map as the caller gets it. */
  readonly shape: number[];
  /** The call's, with 'argmax' as numbers. */
  readonly classIndex: ClassIndex;
}

/** An error's parts: its class does not cross. */
export interface EncodedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly op?: string | undefined;
  readonly batchSize?: number | undefined;
}

export type Reply<T> = { readonly value: T } | { readonly error: EncodedError };

/** What a worker does for the other side. */
export interface Service {
  compute(id: string, call: MethodCall): Promise<Reply<ArrayTensor>>;
  /** Computes a metric by its name; its result is data. */
  measure(id: string, call: MeasureCall): Promise<Reply<unknown>>;
  /** Opens a parameter randomisation test, whose steps are asked for one after another. */
  openTest(id: string, call: MeasureCall): Promise<Reply<undefined>>;
  /** Computes the next step of a test; undefined at its end. */
  nextStep(id: string): Promise<Reply<EncodedStep | undefined>>;
  open(id: string, call: SmoothCall): Promise<Reply<OpenedRun>>;
  /** Samples `first` to `first + count - 1` of a run; its chunks are computed one after another. */
  samples(id: string, first: number, count: number): Promise<Reply<Chunk>>;
  /** Opens a run of a sampling method, whose map one of the workers makes. */
  openSampling(id: string, call: MethodCall): Promise<Reply<OpenedSampling>>;
  /** Computes what samples `first` to `first + count - 1` teach. */
  learn(id: string, first: number, count: number): Promise<Reply<Float32Array>>;
  /** Adds what the next samples teach, wherever it was computed. */
  merge(id: string, count: number, learnt: Float32Array): Promise<Reply<undefined>>;
  /** @param withHalves whether to send what each half of the samples has taught, too */
  sampledMap(id: string, withHalves: boolean): Promise<Reply<SampledMap>>;
  /** Ends a call or a run within one pass, if it is still under way. */
  end(id: string): Promise<Reply<undefined>>;
  /** Forgets a model and frees it when nothing uses it any more. */
  release(key: string): Promise<Reply<undefined>>;
}

/** What the two sides say outside of calls. */
export type Notice =
  /** A connection begins: a worker may still be starting. */
  | { readonly notice: 'tfjs-saliency: hello' }
  /** The worker serves. The lock is one that it holds as long as it lives, where there are such. */
  | {
      readonly notice: 'tfjs-saliency: ready';
      readonly lock: string | undefined;
      /** The names of the methods whose samples workers may share. */
      readonly sampling: readonly string[];
    }
  | {
      readonly notice: 'tfjs-saliency: progress';
      readonly id: string;
      readonly progress: Progress;
    };

export type NoticeOf<Name extends Notice['notice']> = Extract<Notice, { notice: Name }>;
