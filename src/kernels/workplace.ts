import { instantiate } from './code.js';
import type { Code, KernelMode } from './code.js';
import { memoryOf } from './wasmBackend.js';
import type { WasmBackend } from './wasmBackend.js';

/** Where kernels run: the code, instantiated in the backend's memory. */
export interface Workplace {
  readonly backend: WasmBackend;
  readonly memory: WebAssembly.Memory;
  readonly code: Code;
}

/** Makes a workplace in the backend's memory; undefined where that cannot be. */
export function makeWorkplace(backend: WasmBackend, mode: KernelMode): Workplace | undefined {
  const memory = memoryOf(backend);
  const code = memory && instantiate(memory, mode);
  return code && { backend, memory, code };
}
