/**
 * The attention of a vision transformer, found on a tape: each softmax over tokens of a product of
 * two projections of the same tokens.
 *
 * Letters: r rows, t tokens, of which the last h w are patches; d heads.
 */
import { cast, fill, matMul, mean, oneHot, reshape, tensor1d } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { toBeNamed } from '../inFunction.js';
import { asGrid } from '../layer/spatial.js';
import { findTokens } from '../layer/tokens.js';
import type { Tokens } from '../layer/tokens.js';
import type { RecordedCall } from '../gradient/recordedCall.js';
import type { Operand } from '../gradient/rule.js';
import type { Tape } from '../gradient/tape.js';

export interface Attention {
  readonly tokens: Tokens;
  /** The probabilities of each layer, first to last: [r, d, t, t], or [r d, t, t]. */
  readonly probabilities: readonly Operand[];
}

/** Tells which values a tape has to keep. */
export const keepingAttention =
  () =>
  ({ kernel }: RecordedCall, { shape }: Operand): boolean =>
    kernel === 'Softmax' && shape.length >= 3 && shape.at(-1) === shape.at(-2);

const CARRIES = /^(Identity|Cast|Reshape|ExpandDims|Transpose|Multiply|Add)$/;
const PRODUCT = /^(BatchMatMul|_FusedMatMul|Einsum)$/;

const dependents = ({ inputs }: RecordedCall): Operand[] =>
  [...inputs.values()].filter(({ dependsOnInput }) => dependsOnInput);

/** Finds every layer's attention. @throws RangeError if the model has none */
export function findAttention(tape: Tape): Attention {
  const tokens = findTokens(tape);
  if (tokens === undefined) {
    throw toBeNamed(
      new RangeError(
        'model must be a vision transformer: no softmax over the tokens of a grid of patches was ' +
          'found; gradCam and lrp explain other models',
      ),
    );
  }
  const isChosen = keepingAttention();
  const probabilities = tape.calls
    .filter((call) => {
      const [output] = call.outputs as [Operand];
      return isChosen(call, output) && output.shape.at(-1) === tokens.count && weighs(tape, output);
    })
    .map(({ outputs }) => outputs[0]!);
  return { tokens, probabilities };
}

/** Tells whether probabilities are multiplied with values that depend on the input. */
function weighs(tape: Tape, { id }: Operand): boolean {
  return tape.consumersOf(id).some((call) => {
    const { length } = dependents(call);
    if (PRODUCT.test(call.kernel)) return length > 1;
    return CARRIES.test(call.kernel) && length === 1 && weighs(tape, call.outputs[0]!);
  });
}

/** Averages over heads: [r, t, t]. */
export function meanOverHeads(perHead: Tensor, rows: number): Tensor {
  const t = perHead.shape.at(-1)!;
  return mean(reshape(perHead, [rows, -1, t, t]), 1);
}

/** Makes the weights with which the head reads tokens: [r, 1, t]. */
export function readByHead({ count, grid: [height, width] }: Tokens, rows: number): Tensor {
  // Where all tokens are patches, the head reads their mean; else the first one, the class token.
  if (count === height * width) return fill([rows, 1, count], 1 / count);
  const first = oneHot(tensor1d(new Int32Array(rows), 'int32'), count);
  return reshape(cast(first, 'float32'), [rows, 1, count]);
}

/**
 * Carries what the head reads back through the layers, last to first.
 * @param perLayer [r, t, t] of each layer, first to last
 * @param read weights [r, 1, t]
 * @param step combines weights with what a layer's attention makes of them
 */
export function carriedBack(
  perLayer: readonly Tensor[],
  read: Tensor,
  step: (weights: Tensor, attended: Tensor) => Tensor,
): Tensor {
  return perLayer.reduceRight((later, layer) => step(later, matMul(later, layer)), read);
}

/** Lays out the patches' part of weights [r, 1, t]: [r, h, w, 1]. */
export function asPatches(weights: Tensor, { count, grid }: Tokens): Tensor4D {
  return asGrid(reshape(weights, [-1, count, 1]), grid);
}
