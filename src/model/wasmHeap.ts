/**
 * Makes failed allocations of the wasm backend throw.
 *
 * The backend uses address 0, which a failed allocation returns, as memory: kernels then overwrite
 * the tables of their code, and all later results are wrong, or it crashes.
 */
import { engine } from '@tensorflow/tfjs-core';

/** The part of the backend that allocates. */
interface Heap {
  _malloc(bytes: number): number;
  _free(offset: number): void;
  readonly HEAPU8: Uint8Array;
}

/** The greatest heap that the backend's build allows, in bytes. */
const GREATEST_HEAP = 2 ** 32 - 2 ** 16;

let guarded = false;

/**
 * Runs a synchronous function, during which failed allocations of the wasm backend throw.
 * @param reserve bytes to be left after each allocation, for those inside kernels (mainly packed
 * weights), which fail silently
 */
export function withGuardedHeap<T>(reserve: number, run: () => T): T {
  const { wasm: heap } = engine().backend as { wasm?: Heap };
  if (guarded || typeof heap?._malloc !== 'function') return run();
  const unguarded = heap._malloc;
  heap._malloc = (bytes) => {
    // A size of 2^32 or more would wrap around.
    const offset = bytes > GREATEST_HEAP ? 0 : unguarded(bytes);
    if (offset !== 0 && hasLeft(heap, unguarded, reserve)) return offset;
    if (offset !== 0) heap._free(offset);
    throw new RangeError(
      `out of memory: the wasm heap has no ${bytes} bytes left, and ${reserve} in reserve`,
    );
  };
  guarded = true;
  try {
    return run();
  } finally {
    guarded = false;
    heap._malloc = unguarded;
  }
}

function hasLeft(heap: Heap, unguarded: Heap['_malloc'], reserve: number): boolean {
  if (heap.HEAPU8.length + reserve <= GREATEST_HEAP) return true; // it can still grow by as much
  const probe = unguarded(reserve);
  if (probe !== 0) heap._free(probe);
  return probe !== 0;
}

/**
 * Tells whether the wasm backend trapped or aborted inside a kernel, and may have lost its
 * tables.
 */
export function isHeapDamage(error: unknown): boolean {
  return (error as Partial<Error> | null | undefined)?.name === 'RuntimeError';
}
