/** What one child process measures, so that its memory is its own. */
export interface Job {
  readonly way: 'library' | 'tf.grad' | 'methods';
  /** The architecture's name. */
  readonly model: string;
  readonly backend: Backend;
  /** Height and width of the model's input. */
  readonly size: number;
  /** How often a forward pass, or one gradient, is timed. */
  readonly runs: number;
  /** Samples of the SmoothGrad run. */
  readonly samples: number;
  /** After how many samples the resident memory is read. */
  readonly residentAfter: readonly number[];
}

/** In Node on the CPU, in a browser, and by npm's webgpu in Node. */
export const NODE_BACKENDS = ['wasm', 'cpu'] as const;
export const PAGE_BACKENDS = ['webgl', 'webgpu'] as const;
export const NODE_GPU = 'webgpu-node';
export const GPU_BACKENDS = [...PAGE_BACKENDS, NODE_GPU] as const;
export const BACKENDS = [...NODE_BACKENDS, ...GPU_BACKENDS];
export type PageBackend = (typeof PAGE_BACKENDS)[number];
export type GpuBackend = (typeof GPU_BACKENDS)[number];
export type Backend = (typeof BACKENDS)[number];

/** The output whose gradient is taken. */
export const CLASS = 0;

/** What a page measures: both ways, one after the other. */
export type GpuJob = Omit<Job, 'way' | 'residentAfter'>;

export interface GpuResult {
  readonly library: Omit<LibraryResult, 'config'>;
  readonly plain: PlainResult;
}

/** Times are medians, in milliseconds. */
export interface LibraryResult {
  /** Of `model.predict`. */
  readonly forward: number;
  readonly forwardFlops: number;
  /** Of one `vanillaGradient`, which flips the filters for itself. */
  readonly gradient: number;
  /** The time of one `gradCam` divided by that of a forward pass; older results lack it. */
  readonly gradCamPerForward?: number;
  /** Of one sample of `smoothGrad`, noise included. */
  readonly sample: number;
  readonly sampleFlops: number;
  readonly peakTensors: number;
  readonly resident: readonly { readonly samples: number; readonly bytes: number }[];
  /** The model as Keras would write it. */
  readonly config: unknown;
}

export interface PlainResult {
  /** Median of one gradient in milliseconds; without it there is an error. */
  readonly gradient?: number;
  readonly error?: string;
  /** The kernels that had to be registered for it to run. */
  readonly patched: readonly string[];
  readonly peakTensors: number;
  readonly resident: number;
}

/** What a map of one method takes. */
export interface MethodTime {
  readonly method: string;
  /** Its options, for people. */
  readonly settings: string;
  /** Its time divided by that of `model.predict`. */
  readonly forwardPasses: number;
  /** How many forward passes it should cost, a way back counted as one. */
  readonly theory: number;
}

export interface MethodsResult {
  /** Of `model.predict`, in milliseconds. */
  readonly forward: number;
  readonly methods: readonly MethodTime[];
}

/** One picture, from the start of its process. */
export interface PictureJob {
  /** The trained model's name. */
  readonly model: string;
  readonly method: string;
}

export interface PictureResult {
  /** From the start of the process to the PNG. */
  readonly seconds: number;
  /** Of a method that samples: how many it took. */
  readonly samples?: number;
  /** Of a method that samples: how far what is shown had converged, as predicted. */
  readonly reliability?: number;
}

/** SmoothGrad by workers. */
export interface WorkersJob {
  /** The architecture's name. */
  readonly model: string;
  /** Height and width of its input. */
  readonly size: number;
  readonly workers: number;
  readonly samples: number;
  /** How often; the fastest counts, because others may use the machine too. */
  readonly runs: number;
}

export interface WorkersResult {
  readonly samplesPerSecond: number;
  /** Bytes of the whole process, with all its workers. */
  readonly resident: number;
}
