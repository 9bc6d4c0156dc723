/** Which operand of a product only opens and closes the way of the other. */
import type { RecordedCall } from '../gradient/recordedCall.js';
import type { KernelCall, Operand } from '../gradient/rule.js';
import type { Tape } from '../gradient/tape.js';

/** Functions whose values are bounded, or that are made of a deviation, as normalization is. */
const BOUNDED = /^(Sigmoid|Tanh|Erf|Relu6|ClippedRelu|ClipByValue|Softmax|Rsqrt|Sqrt|Step)$/;
/** Kernels that a gate may pass through with a constant: 0.5 (1 + tanh(...)), relu6(...) / 6. */
const RESCALES = /^(Add|Sub|Multiply|RealDiv|Neg|Identity|Cast|Reshape|ExpandDims|Reciprocal)$/;

/** Finds the gate of a product of two; undefined if neither or each of them may be one. */
export function gateOf({ names, operand, tape }: KernelCall): string | undefined {
  const [a, b] = names as [string, string];
  const [first, second] = [operand(a), operand(b)];
  if (first.id === second.id) return undefined;
  const [isFirst, isSecond] = [isGate(tape, first), isGate(tape, second)];
  if (isFirst && isSecond) return smaller(a, first, b, second);
  if (isFirst) return a;
  return isSecond ? b : undefined;
}

/** Of two gates, the one that is the same for several places of the other: one per channel. */
function smaller(a: string, first: Operand, b: string, second: Operand): string | undefined {
  const [m, n] = [first, second].map(({ shape }) =>
    shape.reduce((size, length) => size * length, 1),
  );
  if (m === n) return undefined;
  return m! < n! ? a : b;
}

function isGate(tape: Tape, { id }: Operand): boolean {
  for (let call = tape.makerOf(id); call !== undefined; call = soleInput(tape, call)) {
    if (BOUNDED.test(call.kernel)) return true;
    if (!RESCALES.test(call.kernel)) return false;
  }
  return false;
}

/** The call that made the one input that depends on the model's; undefined if there are more. */
function soleInput(tape: Tape, { inputs }: RecordedCall): RecordedCall | undefined {
  const [x, ...others] = [...inputs.values()].filter(({ dependsOnInput }) => dependsOnInput);
  return x === undefined || others.length > 0 ? undefined : tape.makerOf(x.id);
}

/** Tells whether a divisor is the sum of exponentials, as of a softmax in single steps. */
export function isExponentialSum(tape: Tape, { id }: Operand): boolean {
  const sum = tape.makerOf(id);
  return sum?.kernel === 'Sum' && soleInput(tape, sum)?.kernel === 'Exp';
}
