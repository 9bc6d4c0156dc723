import type { Code } from './code.js';
import type { WasmBackend } from './wasmBackend.js';

/** Where kernels run: the code, instantiated in the backend's memory. */
export interface Workplace {
  readonly backend: WasmBackend;
  readonly memory: WebAssembly.Memory;
  readonly code: Code;
}
