/**
 * The final softmax or sigmoid of a model, found on the tape, for any kind of model.
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
 * Kernels that may follow the head, as they change no number and no order.
 */
const KEEPS_NUMBERS: ReadonlySet<string> = new Set(['Reshape', 'ExpandDims', 'Identity', 'Cast']);

const firstInput = (call: RecordedCall): Operand => [...call.inputs.values()][0]!;

/** Finds the softmax or sigmoid that a model ends in. */
export function findHead(tape: Tape): Head | undefined {
  let call = tape.makerOf(tape.outputId);
  while (call !== undefined && KEEPS_NUMBERS.has(call.kernel)) {
    call = tape.makerOf(firstInput(call).id);
  }
  if (call?.kernel === 'Softmax') return { kind: 'softmax', call, logits: firstInput(call) };
  if (call?.kernel === 'Sigmoid') return { kind: 'sigmoid', call, logits: firstInput(call) };
  return undefined;
}
