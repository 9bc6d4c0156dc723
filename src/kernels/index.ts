/**
 * Kernels of our own beside tfjs's, in place in the memory of its wasm backend.
 *
 * They take and give tensors; where one gives undefined, tfjs's kernel is to be used, as the shapes
 * do not suit or nothing would be gained.
 */
import { convolutionKernels } from './convolution.js';
import type { ConvolutionKernels } from './convolution.js';
import type { KernelMode } from './code.js';
import { gradientKernels } from './gradients.js';
import type { GradientKernels } from './gradients.js';
import { normalizationKernels } from './normalization.js';
import type { NormalizationKernels } from './normalization.js';
import { currentWasmBackend } from './wasmBackend.js';
import type { WasmBackend } from './wasmBackend.js';
import { makeWorkplace } from './workplace.js';

export type { ConvolutionOptions } from './convolution.js';
export type { ConvolutionInfo } from './shape.js';
export type { KernelMode } from './code.js';
export type { BatchNormalizationInputs } from './normalization.js';

export type Kernels = ConvolutionKernels & GradientKernels & NormalizationKernels;

/** Instances by backend: a memory has one of each mode, however often it is asked for. */
const instances = new WeakMap<WasmBackend, Map<KernelMode, Kernels | undefined>>();

/**
 * Makes the kernels for the current backend; undefined unless it is wasm with SIMD, and with
 * relaxed SIMD for 'own-relaxed', and its memory can be reached.
 */
export function ownKernels(mode: KernelMode): Kernels | undefined {
  const backend = currentWasmBackend();
  if (backend === undefined) return undefined;
  const known = instances.get(backend) ?? new Map<KernelMode, Kernels | undefined>();
  instances.set(backend, known);
  if (!known.has(mode)) {
    const workplace = makeWorkplace(backend, mode);
    const kernels = workplace && {
      ...convolutionKernels(workplace),
      ...gradientKernels(workplace),
      ...normalizationKernels(workplace),
    };
    known.set(mode, kernels);
  }
  return known.get(mode);
}
