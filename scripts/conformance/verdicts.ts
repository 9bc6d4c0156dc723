/** What one run of the conformance table gives. */
import type { Verdict } from '../../test/conformance/judge.js';

export const BACKENDS = ['cpu', 'wasm', 'webgl', 'webgpu'] as const;
export type Backend = (typeof BACKENDS)[number];

/** The library's gradient, or that of `tf.grad` with all gradients that tfjs has. */
export const WAYS = ['ours', 'tf.grad'] as const;
export type Way = (typeof WAYS)[number];

/**
 * A whole network: how far each backend's gradient is from the first one's, relative to its length.
 */
export interface NetworkRow {
  readonly name: string;
  readonly distances: readonly number[];
}

export interface Results {
  readonly rows: readonly Row[];
  readonly networks: readonly NetworkRow[];
}

export interface Row extends Verdict {
  readonly op: string;
  readonly name: string;
  readonly backend: Backend;
  readonly way: Way;
}
