/**
 * The tokens of a vision transformer, found by its attention: a softmax over tokens of a product of
 * two projections of the same tokens.
 *
 * Letters: r rows, t tokens, c channels; the patches make a grid of h x w.
 */
import type { RecordedCall } from '../gradient/recordedCall.js';
import type { Operand } from '../gradient/rule.js';
import type { Tape } from '../gradient/tape.js';

export interface Tokens {
  /** t */
  readonly count: number;
  /** Of the patch embedding, [h, w]. */
  readonly grid: readonly [number, number];
  /** What the last block's attention reads, [r, t, c]: the tokens after its first normalisation. */
  readonly attended: Operand;
  /** The ids of all that was computed after the patch embedding. */
  readonly inBlocks: ReadonlySet<number>;
}

/** Finds the tokens of the last block with attention; undefined in models without. */
export function findTokens(tape: Tape): Tokens | undefined {
  for (const call of [...tape.calls].reverse()) {
    const count = tokensOf(call);
    const attended = count === undefined ? undefined : attendedBy(tape, call, count);
    const found = attended && embeddedBy(tape, attended);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Returns t, if a call may be the softmax of attention: [..., t, t]. */
function tokensOf({ kernel, outputs: [output] }: RecordedCall): number | undefined {
  const [queries, keys] = output?.shape.slice(-2) ?? [];
  const isSquare = kernel === 'Softmax' && output!.shape.length >= 3 && queries === keys;
  return isSquare ? keys : undefined;
}

const PRODUCT = /^(BatchMatMul|_FusedMatMul|Einsum)$/;
const KEEPS_NUMBERS = /^(Reshape|ExpandDims|Cast|Identity)$/;

const dependents = (call: RecordedCall): Operand[] =>
  [...call.inputs.values()].filter(({ dependsOnInput }) => dependsOnInput);

/** Finds the tokens [r, t, c] whose projections an attention multiplies. */
function attendedBy(tape: Tape, softmax: RecordedCall, count: number): Operand | undefined {
  const isProduct = (call: RecordedCall): boolean => PRODUCT.test(call.kernel);
  const scores = back(tape, softmax, isProduct);
  if (scores === undefined || dependents(scores).length < 2) return undefined;
  const projection = back(tape, scores, (call) => isProduct(call) && dependents(call).length === 1);
  let tokens = projection && dependents(projection)[0];
  while (tokens !== undefined && !isTokens(tape, tokens, count)) {
    const call = tape.makerOf(tokens.id);
    tokens = call && KEEPS_NUMBERS.test(call.kernel) ? dependents(call)[0] : undefined;
  }
  return tokens;
}

function isTokens(tape: Tape, { shape }: Operand, count: number): boolean {
  return shape.length === 3 && shape[0] === tape.input.shape[0] && shape[1] === count;
}

/** Finds the nearest call of a kind before `from`, on the way back along first inputs. */
function back(
  tape: Tape,
  from: RecordedCall,
  isFound: (call: RecordedCall) => boolean,
): RecordedCall | undefined {
  let call: RecordedCall | undefined = from;
  do {
    const input: Operand | undefined = dependents(call)[0];
    call = input && tape.makerOf(input.id);
  } while (call !== undefined && !isFound(call));
  return call;
}

/** Finds the patch embedding: the last convolution whose places are all tokens. */
function embeddedBy(tape: Tape, attended: Operand): Tokens | undefined {
  const [rows, count = 0] = attended.shape;
  const end = tape.calls.indexOf(tape.makerOf(attended.id)!);
  for (let i = end; i >= 0; i--) {
    const { kernel, outputs } = tape.calls[i]!;
    const [n, height = 0, width = 0] = outputs[0]?.shape ?? [];
    const places = height * width;
    const isEmbedding = /Conv2D$/.test(kernel) && n === rows && places > 1 && places <= count;
    // Of so many extra tokens no transformer is known.
    if (!isEmbedding || count - places >= places) continue;
    const later = tape.calls.slice(i + 1).flatMap((call) => call.outputs.map(({ id }) => id));
    return { count, grid: [height, width], attended, inBlocks: new Set(later) };
  }
  return undefined;
}
