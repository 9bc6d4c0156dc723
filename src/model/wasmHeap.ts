/**
 * The wasm backend takes the address 0, which a failed allocation returns, for memory: the kernel
 * then writes over its own code's tables, and all that follows is wrong or breaks off. Here an
 * allocation that fails throws before that.
 */
import { engine } from '@tensorflow/tfjs-core';

/** The part of the backend that allocates. */
interface Heap {
  _malloc(bytes: number): number;
  _free(offset: number): void;
  readonly HEAPU8: Uint8Array;
}

/** Where the backend's build lets its heap end. */
const GREATEST_HEAP = 2 ** 32 - 2 ** 16;

let guarded = false;

/**
 * Runs a synchronous function during which the wasm backend's failed allocations throw; on other
 * backends just runs it.
 * @param reserve how many bytes have to be left after each: what kernels allocate for themselves,
 * packed weights above all, fails without a word
 */
export function withGuardedHeap<T>(reserve: number, run: () => T): T {
  const { wasm: heap } = engine().backend as { wasm?: Heap };
  if (guarded || typeof heap?._malloc !== 'function') return run();
  const unguarded = heap._malloc;
  heap._malloc = (bytes) => {
    // A size of 2^32 and more would be taken as what it is beyond that.
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
 * Whether the wasm backend trapped or aborted in the middle of a kernel, and may have lost its
 * tables.
 */
export function isHeapDamage(error: unknown): boolean {
  return (error as Partial<Error> | null | undefined)?.name === 'RuntimeError';
}
