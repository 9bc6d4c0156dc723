/**
 * The final softmax or sigmoid of a model, of whatever kind the model is: the tape of its kernels
 * shows it.
 */
import type { RecordedCall } from '../gradient/recordedCall.js';
import type { Operand } from '../gradient/rule.js';
import type { Tape } from '../gradient/tape.js';

export interface Head {
  readonly kind: 'softmax' | 'sigmoid';
  readonly call: RecordedCall;
  /** What the softmax or sigmoid is applied to. */
  readonly logits: Operand;
}

/**
 * What may follow the head without changing a number or its place: reshape, squeeze, expandDims,
 * identity, a float cast.
 */
const KEEPS_NUMBERS: ReadonlySet<string> = new Set(['Reshape', 'ExpandDims', 'Identity', 'Cast']);

const firstInput = (call: RecordedCall): Operand => [...call.inputs.values()][0]!;

export function findHead(tape: Tape): Head | undefined {
  let call = tape.makerOf(tape.outputId);
  while (call !== undefined && KEEPS_NUMBERS.has(call.kernel)) {
    call = tape.makerOf(firstInput(call).id);
  }
  if (call?.kernel === 'Softmax') return { kind: 'softmax', call, logits: firstInput(call) };
  if (call?.kernel === 'Sigmoid') return { kind: 'sigmoid', call, logits: firstInput(call) };
  return undefined;
}
