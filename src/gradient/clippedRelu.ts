/**
 * A rectifier followed by a clip, which is how tfjs-layers runs a ReLU with a ceiling: on the way back they are one
 * kernel, with half of the work.
 */
import type { ClipByValueAttrs, NamedAttrMap } from '@tensorflow/tfjs-core';
import type { RecordedCall } from './recordedCall.js';
import type { Operand } from './rule.js';

/** What the pair is called in the table of rules. */
export const CLIPPED_RELU = 'ClippedRelu';

/** If `kernel` clips at 0 and above what `before` has rectified: the inputs of `before`. */
export function rectifiedBefore(
  kernel: string,
  attrs: NamedAttrMap,
  inputs: ReadonlyMap<string, Operand>,
  before: RecordedCall | undefined,
): ReadonlyMap<string, Operand> | undefined {
  if (kernel !== 'ClipByValue' || before?.kernel !== 'Relu') return undefined;
  const { clipValueMin, clipValueMax } = attrs as unknown as ClipByValueAttrs;
  const follows = inputs.get('x')!.id === before.outputs[0]!.id;
  return follows && clipValueMin === 0 && clipValueMax > 0 ? before.inputs : undefined;
}
