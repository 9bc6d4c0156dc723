/** Outputs of kernels that passes have in common, so that they are computed once. */
import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** By the kernel's number in the pass. */
export type Outputs = Map<number, Tensor>;

/** Those of all passes that differ behind a layer only; the owner disposes them. */
export class KnownOutputs {
  private readonly passes = new Map<string, Outputs>();

  /** Finds those of passes over the same rows, as their key says. */
  of(key: string): Outputs {
    const found = this.passes.get(key) ?? new Map<number, Tensor>();
    this.passes.set(key, found);
    return found;
  }

  dispose(): void {
    for (const outputs of this.passes.values()) dispose([...outputs.values()]);
    this.passes.clear();
  }
}
