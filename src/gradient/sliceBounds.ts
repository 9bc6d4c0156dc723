import { slice_util } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, SliceAttrs } from '@tensorflow/tfjs-core';
import type { KernelInputs } from './engine.js';

/**
 * Throws tfjs's error for a slice that ends outside of its input: the wasm backend does not check,
 * and returns whatever lies in memory there.
 */
export function checkSliceBounds(kernel: string, { x }: KernelInputs, attrs: NamedAttrMap): void {
  if (kernel !== 'Slice') return;
  const { begin, size } = attrs as unknown as SliceAttrs;
  const [from, lengths] = slice_util.parseSliceParams(x!, begin, size);
  slice_util.assertParamsValid(x!, from!, lengths!);
}
