/**
 * The final softmax or sigmoid of a model, of whatever kind the model is: the record of its kernels
 * shows it.
 */
import type { Record } from '../gradient/record.js';
import type { RecordedCall } from '../gradient/recordedCall.js';
import type { Operand } from '../gradient/rule.js';

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

export function findHead(record: Record): Head | undefined {
  const makerOf = (id: number): RecordedCall | undefined =>
    record.calls.find((call) => call.outputs.some((output) => output.id === id));
  let call = makerOf(record.outputId);
  while (call !== undefined && KEEPS_NUMBERS.has(call.kernel)) call = makerOf(firstInput(call).id);
  if (call?.kernel === 'Softmax') return { kind: 'softmax', call, logits: firstInput(call) };
  if (call?.kernel === 'Sigmoid') return { kind: 'sigmoid', call, logits: firstInput(call) };
  return undefined;
}
