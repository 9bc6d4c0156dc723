/**
 * LRP's rules of linear layers.
 *
 * Relevance R travels as the multiplier c = R / activation: where several ways meet, multipliers
 * add up as gradients do, and nothing is divided by a sum that may be close to 0. A rule gets that
 * of the output and returns that of the input; a rule of the first layer, relevance itself.
 *
 * Letters: y_j = sum of contributions z_ij = x_i w_ij and a bias b_j; z+ and z- the sums of the
 * positive and the negative ones, R_j = y_j c_j.
 */
import {
  abs,
  add,
  div,
  greater,
  greaterEqual,
  minimum,
  mul,
  neg,
  relu,
  reshape,
  step,
  sub,
  tensor1d,
  where,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { KernelCall } from '../gradient/rule.js';
import { part } from './linearMap.js';
import type { LinearMap } from './linearMap.js';
import { moved } from './preparation.js';

/** Computes the input's multiplier, or for a first layer its relevance, from the output's. */
export type LinearRule = (c: Tensor, map: LinearMap, call: KernelCall) => Tensor;

/** Below this, a sum of contributions of one sign counts as none. */
const TINY = 1e-9;

/** Divides by a sum of positive contributions; 0 where there is none. */
function dividedByPositive(r: Tensor, sum: Tensor): Tensor {
  const isSome = step(sub(sum, TINY));
  return div(mul(r, isSome), add(sum, sub(1, isSome)));
}

/** 1 or -1 */
const signOf = (y: Tensor): Tensor => sub(mul(step(y), 2), 1);

/** Sums the contributions of one sign, z+ or z-. */
function contributions(map: LinearMap, sign: 'positive' | 'negative', withBias: boolean): Tensor {
  const { x, bias, isNonNegative } = map;
  const opposite = sign === 'positive' ? 'negative' : 'positive';
  const direct = map.apply(isNonNegative ? x : relu(x), sign);
  const sum = isNonNegative ? direct : add(direct, map.apply(part(x, 'negative'), opposite));
  if (!withBias || bias === undefined) return sum;
  return add(sum, sign === 'positive' ? relu(bias) : minimum(bias, 0));
}

/** Passes s back along the contributions of one sign. */
function alongSign(map: LinearMap, s: Tensor, sign: 'positive' | 'negative'): Tensor {
  const direct = map.transposed(s, sign);
  if (map.isNonNegative) return direct;
  const opposite = map.transposed(s, sign === 'positive' ? 'negative' : 'positive');
  return where(greaterEqual(map.x, 0), direct, opposite);
}

/** Computes c_i = sum of w_ij c_j y_j / (y_j + epsilon sign(y_j)). */
export const epsilonRule =
  (epsilon: number): LinearRule =>
  (c, map) => {
    if (epsilon === 0) return map.transposed(c, 'all');
    const { y } = map;
    return map.transposed(mul(c, div(y, add(y, mul(signOf(y), epsilon)))), 'all');
  };

/** Shares R_j out along the positive contributions only; `withBias` gives b+ its share. */
export const positiveRule =
  (withBias: boolean): LinearRule =>
  (c, map) => {
    const shares = dividedByPositive(mul(map.y, c), contributions(map, 'positive', withBias));
    return alongSign(map, shares, 'positive');
  };

/** Shares alpha R_j out along the positive contributions, -beta R_j along the negative ones. */
export const alphaBetaRule =
  (alpha: number, beta: number): LinearRule =>
  (c, map) => {
    const r = mul(map.y, c);
    const positive = dividedByPositive(mul(r, alpha), contributions(map, 'positive', true));
    // -beta R / z- = beta R / -z-
    const negative = dividedByPositive(mul(r, beta), neg(contributions(map, 'negative', true)));
    return add(alongSign(map, positive, 'positive'), alongSign(map, negative, 'negative'));
  };

/**
 * Counts the contributions of y_j's sign 1 + gamma times, as zennit's rule for any sign of x does.
 */
export const gammaRule =
  (gamma: number): LinearRule =>
  (c, map) => {
    if (gamma === 0) return map.transposed(c, 'all');
    const { y } = map;
    const isPositive = step(y);
    const positive = contributions(map, 'positive', true);
    // z- = y - z+; where it is used, y < 0, so the difference loses no digits.
    const favoured = where(greater(y, 0), positive, minimum(sub(y, positive), 0));
    const sum = add(y, mul(favoured, gamma));
    // Where the sum is 0, so is y, and 1 stands for it.
    const shares = mul(c, div(y, add(sum, sub(1, step(abs(sum))))));
    const extra = alongSign(map, mul(shares, isPositive), 'positive');
    const opposite = map.isRectified
      ? 0
      : alongSign(map, mul(shares, sub(1, isPositive)), 'negative');
    return add(map.transposed(shares, 'all'), mul(add(extra, opposite), gamma));
  };

/** Shares R_j out equally among the inputs that y_j sees; padding gets nothing. A first layer's. */
export const flatRule: LinearRule = (c, map, call) => {
  const { apply, transposed } = map.counted();
  const seen = imageOf(map, call, [[0, 1]], 1);
  return mul(transposed(dividedByPositive(mul(map.y, c), apply(seen, 'all')), 'all'), seen);
};

/** The least and the greatest value of the input: of all channels, or of each. */
export type ValueRange = readonly (readonly [number, number])[];

/**
 * Computes z^B, the rule of deep Taylor decomposition for inputs between l and h: R_i = sum of (x_i
 * w_ij - l_i w+_ij - h_i w-_ij) R_j / their sum. A first layer's.
 */
export const boxRule =
  (range: ValueRange): LinearRule =>
  (c, map, call) => {
    const { x, bias, y } = map;
    const least = imageOf(map, call, range, 0);
    const greatest = imageOf(map, call, range, 1);
    const contribution = bias === undefined ? y : sub(y, bias);
    const bounds = add(map.apply(least, 'positive'), map.apply(greatest, 'negative'));
    const shares = dividedByPositive(mul(y, c), sub(contribution, bounds));
    return sub(
      mul(x, map.transposed(shares, 'all')),
      add(
        mul(least, map.transposed(shares, 'positive')),
        mul(greatest, map.transposed(shares, 'negative')),
      ),
    );
  };

/** Makes an image of one end of the range, 0 where the model has padded its input. */
function imageOf({ inputId }: LinearMap, call: KernelCall, range: ValueRange, end: 0 | 1): Tensor {
  const { shape } = call.tape.input;
  const channels = range.length === 1 ? 1 : shape.at(-1)!;
  const values = reshape(tensor1d(range.map((ends) => ends[end])), [
    ...shape.slice(1).map(() => 1),
    channels,
  ]);
  return moved(call.tape, inputId, add(values, zeros(shape)));
}
