/**
 * Kernels of our own beside tfjs's, in place in the memory of its wasm backend.
 *
 * They take and give tensors; where one gives undefined, tfjs's kernel is to be used, as the shapes
 * do not suit or nothing would be gained.
 */
import { convolutionKernels } from './convolution.js';
import type { ConvolutionKernels } from './convolution.js';
import { instantiate } from './code.js';
import type { KernelMode } from './code.js';
import { currentWasmBackend, memoryOf } from './wasmBackend.js';
import type { WasmBackend } from './wasmBackend.js';

export type { ConvolutionInfo, ConvolutionOptions } from './convolution.js';
export type { KernelMode } from './code.js';

export type Kernels = ConvolutionKernels;

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
  if (!known.has(mode)) known.set(mode, makeKernels(backend, mode));
  return known.get(mode);
}

function makeKernels(backend: WasmBackend, mode: KernelMode): Kernels | undefined {
  const memory = memoryOf(backend);
  const code = memory && instantiate(memory, mode);
  return code && convolutionKernels({ backend, memory, code });
}
