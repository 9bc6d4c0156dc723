/**
 * What crosses between the two sides, as structured clones: no functions, no tensors, no classes.
 *
 * Letters: m explained classes per image, n images.
 */
import type { MomentsData } from '../method/smoothing/statistic.js';

/** A tensor's numbers, row by row, and its shape. */
export interface ArrayTensor {
  readonly data: Float32Array<ArrayBuffer>;
  readonly shape: number[];
}

/** A tensor on its way; its buffer is transferred. */
export interface SentTensor {
  readonly kind: 'tensor';
  readonly data: Float32Array | Int32Array | Uint8Array;
  readonly shape: number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
}

/** As ImageData; its buffer is transferred. */
export interface SentPixels {
  readonly kind: 'pixels';
  readonly data: Float32Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** What is explained. */
export type SentInput =
  SentTensor | SentPixels | { readonly kind: 'bitmap'; readonly bitmap: ImageBitmap };

/** Options as they cross: a preset by its name or its options, tensors as {@link SentTensor}. */
export type SentOptions = Readonly<Record<string, unknown>>;

/** The value that `load` is handed, with its key; the value comes with the first call only. */
export interface Source {
  readonly key: string;
  readonly spec?: { readonly value: unknown };
}

export type SingleMethod =
  'vanillaGradient' | 'gradientTimesInput' | 'integratedGradients' | 'predict';
export type SplitMethod = 'smoothGrad' | 'smoothGradSteps';

/** What is computed, of what. */
export interface Request<Name extends string> {
  readonly method: Name;
  readonly source: Source;
  readonly input: SentInput;
  readonly classIndex: unknown;
  readonly options: SentOptions;
}

/** A run of SmoothGrad, of `total` samples at the most. */
export interface SplitRequest extends Request<SplitMethod> {
  readonly total: number;
}

/** A run of SmoothGrad as a worker has opened it. */
export interface OpenedRun {
  readonly samplesPerPass: number;
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
}

/** An error's parts: its class does not cross. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly op?: string | undefined;
  readonly batchSize?: number | undefined;
}

export type Reply<T> = { readonly value: T } | { readonly error: SentError };

/** What a worker does for the other side. */
export interface Service {
  compute(call: string, request: Request<SingleMethod>): Promise<Reply<ArrayTensor>>;
  open(run: string, request: SplitRequest): Promise<Reply<OpenedRun>>;
  /** Samples `first` to `first + count - 1` of a run; its chunks are computed one after another. */
  samples(run: string, first: number, count: number): Promise<Reply<Chunk>>;
  /** Ends a call or a run within one pass, if it is still under way. */
  end(id: string): Promise<Reply<undefined>>;
  /** Forgets a model and frees it when nothing uses it any more. */
  release(key: string): Promise<Reply<undefined>>;
}

/** What the two sides say before they understand each other's calls. */
export interface Greeting {
  /**
   * 'hello' when a connection begins, because a worker may still be starting; 'ready' when it
   * serves.
   */
  readonly greeting: 'tfjs-saliency: hello' | 'tfjs-saliency: ready';
  /** The lock that the worker holds as long as it lives, where there are such. */
  readonly lifeline?: string | undefined;
}
