/** The compiled kernels, instantiated in the memory of a backend. */
import { MAIN, PRODUCT, RELAXED_PRODUCT } from './binary.js';

/** A function of addresses and sizes; its parameters are told in ./assembly. */
type Kernel = (...numbers: number[]) => number;

type Name =
  | 'products'
  | 'inputTiles'
  | 'filterPlanes'
  | 'outputTiles'
  | 'markPixels'
  | 'settleEmptyFields'
  | 'packFilter'
  | 'packRows'
  | 'placeRows'
  | 'batchNormalization'
  | 'maxPoolInputGradient'
  | 'reluInputGradient'
  | 'clippedReluInputGradient'
  | 'denseInputGradient'
  | 'globalAverageInputGradient';

export type Code = Readonly<Record<Name, Kernel>>;

/** 'own-relaxed' multiplies and adds in one step, whose rounding depends on the machine. */
export type KernelMode = 'own' | 'own-relaxed';

/**
 * Instantiates the kernels; undefined where WebAssembly lacks SIMD, or relaxed SIMD for
 * 'own-relaxed', or does not let them share the memory.
 */
export function instantiate(memory: WebAssembly.Memory, mode: KernelMode): Code | undefined {
  const product = mode === 'own' ? PRODUCT : RELAXED_PRODUCT;
  try {
    return Object.assign({}, ...[MAIN, product].map((binary) => exportsOf(binary, memory))) as Code;
  } catch {
    return undefined;
  }
}

function exportsOf(base64: string, memory: WebAssembly.Memory): WebAssembly.Exports {
  const binary = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  if (isShared(memory)) importShared(binary);
  return new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } }).exports;
}

const isShared = ({ buffer }: WebAssembly.Memory): boolean =>
  typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;

/** An import's name with its length before it, and the code of a memory. */
const MEMORY_IMPORT = [6, ...Array.from('memory', (letter) => letter.charCodeAt(0)), 2];
const HAS_MAXIMUM = 1;
const IS_SHARED = 2;

/** Declares the imported memory shared, as the threaded backend's is: one byte's difference. */
function importShared(binary: Uint8Array): void {
  const at = binary.findIndex((_, start) =>
    MEMORY_IMPORT.every((byte, i) => binary[start + i] === byte),
  );
  binary[at + MEMORY_IMPORT.length] = HAS_MAXIMUM | IS_SHARED;
}
