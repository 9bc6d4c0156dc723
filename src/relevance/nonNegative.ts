/** Which tensors of a pass are never negative: their negative parts need not be computed. */
import type { RecordedCall } from '../gradient/recordedCall.js';
import type { Tape } from '../gradient/tape.js';
import { activationOf } from '../gradient/fusedActivation.js';

const NEVER_NEGATIVE = /^(Relu|Relu6|ClippedRelu|Sigmoid|Softmax|Softplus|Exp|Abs|Square|Sqrt)$/;
/** Kernels whose output is not negative where none of their inputs is. */
const KEEP_SIGN =
  /^(Identity|Cast|Reshape|ExpandDims|Transpose|Slice|Concat|MaxPool|AvgPool|Max|Mean|Sum|Add|AddN|Multiply)$/;

const found = new WeakMap<Tape, Map<number, boolean>>();

/** Tells whether a tensor of the pass is known to be >= 0 everywhere. */
export function isNonNegative(tape: Tape, id: number): boolean {
  let known = found.get(tape);
  if (known === undefined) found.set(tape, (known = new Map<number, boolean>()));
  let result = known.get(id);
  if (result === undefined) {
    const call = tape.makerOf(id);
    result = call !== undefined && isMadeNonNegative(tape, call);
    known.set(id, result);
  }
  return result;
}

function isMadeNonNegative(tape: Tape, call: RecordedCall): boolean {
  const { kernel, attrs, inputs } = call;
  if (NEVER_NEGATIVE.test(kernel)) return true;
  if (/^_?Fused/.test(kernel) && 'activation' in attrs) {
    return /^Relu6?$/.test(activationOf(attrs)?.kernel ?? '');
  }
  const { constantValue, clipValueMin } = attrs as {
    constantValue?: number;
    clipValueMin?: number;
  };
  if (kernel === 'ClipByValue') return clipValueMin! >= 0;
  const keepsSign = KEEP_SIGN.test(kernel) || (kernel === 'PadV2' && constantValue! >= 0);
  return (
    keepsSign &&
    [...inputs.values()].every(
      ({ id, dependsOnInput }) => dependsOnInput && isNonNegative(tape, id),
    )
  );
}
