/** Tensors that still have places: [n, h, w, c] with more than one place. */
import type { Operand } from '../gradient/rule.js';

export function isSpatial({ shape, dtype }: Operand): boolean {
  return dtype === 'float32' && shape.length === 4 && shape[1]! * shape[2]! > 1;
}
