/** The wasm backend, as far as own kernels work in its memory. */
import { engine } from '@tensorflow/tfjs-core';
import type { DataType, Tensor, TensorInfo } from '@tensorflow/tfjs-core';

/** Emscripten's module in the backend; its memory is found by other names in the threaded build. */
interface WasmModule {
  _malloc(bytes: number): number;
  _free(address: number): void;
  readonly wasmMemory?: WebAssembly.Memory;
  readonly asm?: { readonly memory?: WebAssembly.Memory };
  readonly tfjs?: { getThreadsCount?(): number };
}

interface TensorData {
  readonly memoryOffset: number;
}

export interface WasmBackend {
  readonly wasm: WasmModule;
  readonly dataIdMap: { get(dataId: object): TensorData };
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
  disposeData(dataId: object): boolean;
}

/** Tells the current backend if it is wasm, with all that own kernels need of it. */
export function currentWasmBackend(): WasmBackend | undefined {
  if (engine().backendName !== 'wasm') return undefined;
  const backend = engine().backend as unknown as Partial<WasmBackend>;
  const { wasm, dataIdMap, makeOutput, disposeData } = backend;
  const isWhole =
    typeof wasm?._malloc === 'function' &&
    typeof wasm._free === 'function' &&
    typeof dataIdMap?.get === 'function' &&
    typeof makeOutput === 'function' &&
    typeof disposeData === 'function';
  return isWhole ? (backend as WasmBackend) : undefined;
}

/** Tells the backend's memory, if it can be reached. */
export function memoryOf({ wasm }: WasmBackend): WebAssembly.Memory | undefined {
  const memory = wasm.wasmMemory ?? wasm.asm?.memory;
  return memory instanceof WebAssembly.Memory ? memory : undefined;
}

/** Tells how many threads tfjs's own kernels use. */
export function threadsOf({ wasm }: WasmBackend): number {
  return wasm.tfjs?.getThreadsCount?.() ?? 1;
}

/** Tells where a tensor's numbers lie; they are moved to the backend if they lie elsewhere. */
export function addressOf(backend: WasmBackend, { dataId }: TensorInfo): number {
  return checked(backend.dataIdMap.get(dataId).memoryOffset);
}

/**
 * Makes a float32 tensor that `write` fills, given its address.
 * @throws RangeError if there is no memory for it
 */
export function makeTensor<T extends Tensor>(
  backend: WasmBackend,
  shape: T['shape'],
  write: (address: number) => void,
): T {
  const output = backend.makeOutput(shape, 'float32');
  try {
    write(addressOf(backend, output));
  } catch (error) {
    backend.disposeData(output.dataId);
    throw error;
  }
  return engine().makeTensorFromTensorInfo(output) as T;
}

/** A cache line, at which each part of the scratch memory begins. */
const LINE = 64;

/**
 * Runs a function with scratch memory for parts of so many bytes, given their addresses.
 * @throws RangeError if there is no memory for them
 */
export function withScratch<Part extends string>(
  { wasm }: WasmBackend,
  parts: Readonly<Record<Part, number>>,
  run: (addresses: Record<Part, number>) => void,
): void {
  const sizes = Object.entries<number>(parts);
  const total = sizes.reduce((sum, [, bytes]) => sum + roundUp(bytes, LINE), LINE);
  const base = checked(wasm._malloc(total));
  try {
    let address = roundUp(base, LINE);
    const addresses: Record<string, number> = {};
    for (const [part, bytes] of sizes) {
      addresses[part] = address;
      address += roundUp(bytes, LINE);
    }
    run(addresses as Record<Part, number>);
  } finally {
    wasm._free(base);
  }
}

export const roundUp = (number: number, unit: number): number => Math.ceil(number / unit) * unit;

/**
 * Reads an address: one beyond 2 GiB comes as a negative number.
 * @throws RangeError for 0, which stands for no memory
 */
function checked(address: number): number {
  if (address === 0) throw new RangeError('out of memory: the wasm heap is full');
  return address >>> 0;
}
