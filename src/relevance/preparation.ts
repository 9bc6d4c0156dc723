/**
 * What a model does to its input before its first layer: a change of scale, padding, another order
 * of axes. Its values count as the input, and relevance passes it unchanged.
 */
import { engine } from '../gradient/engine.js';
import type { RecordedCall } from '../gradient/recordedCall.js';
import type { Operand } from '../gradient/rule.js';
import type { Tape } from '../gradient/tape.js';
import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';

/** Kernels that move numbers: nothing but where they stand changes. */
const MOVES = /^(Identity|Cast|Reshape|ExpandDims|Transpose|Reverse|FlipLeftRight|PadV2|Slice)$/;
/** Kernels that change the scale, if their other operands are constants. */
const RESCALES = /^(Add|Sub|Multiply|RealDiv|FusedBatchNorm)$/;

const dependents = ({ inputs }: RecordedCall): Operand[] =>
  [...inputs.values()].filter(({ dependsOnInput }) => dependsOnInput);

/** Tells whether a call prepares the input, given the ids of what is prepared before it. */
function prepares(call: RecordedCall, prepared: ReadonlySet<number>): boolean {
  const [x, ...others] = dependents(call);
  if (x === undefined || others.length > 0 || !prepared.has(x.id)) return false;
  if (MOVES.test(call.kernel)) return true;
  return RESCALES.test(call.kernel) && call.outputs[0]!.shape.join() === x.shape.join();
}

/** Makes the choice of values to keep on a tape: those of the prepared input. */
export function keepingPrepared(): (call: RecordedCall, output: Operand) => boolean {
  const prepared = new Set<number>();
  return (call, output) => {
    if (prepared.size === 0) dependents(call).forEach(({ id }) => prepared.add(id));
    if (!prepares(call, prepared)) return false;
    prepared.add(output.id);
    return true;
  };
}

const found = new WeakMap<Tape, ReadonlySet<number>>();

/** Finds the ids of the input and of all that is made of it by preparation only. */
export function preparedIds(tape: Tape): ReadonlySet<number> {
  let ids = found.get(tape);
  if (ids === undefined) {
    const prepared = new Set([tape.input.id]);
    for (const call of tape.calls) {
      if (prepares(call, prepared)) call.outputs.forEach(({ id }) => prepared.add(id));
    }
    found.set(tape, (ids = prepared));
  }
  return ids;
}

/** Tells whether a call only changes the scale of the prepared input. */
export const isRescaling = ({ kernel }: RecordedCall): boolean => RESCALES.test(kernel);

/** Moves an image of the input's shape as the model moves its input, without change of scale. */
export function moved(tape: Tape, id: number, image: Tensor): Tensor {
  const call = tape.makerOf(id);
  if (call === undefined) return image;
  const [[name, x]] = [...call.inputs].filter(([, input]) => input.dependsOnInput) as [
    [string, Operand],
  ];
  const before = moved(tape, x.id, image);
  if (isRescaling(call)) return before;
  return engine().runKernel(call.kernel, { [name]: before }, call.attrs as NamedAttrMap) as Tensor;
}
