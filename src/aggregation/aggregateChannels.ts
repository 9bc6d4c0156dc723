import {
  abs,
  div,
  greater,
  max,
  mean,
  mul,
  neg,
  onesLike,
  relu,
  sqrt,
  square,
  squeeze,
  sum,
  tidy,
  where,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkChoice, checkTensor, outOfRange } from '../checks.js';
import { inFunction } from '../inFunction.js';

export const CHANNEL_METHODS = [
  'maxAbs',
  'sumAbs',
  'l2',
  'sum',
  'mean',
  'max',
  'positive',
  'negative',
] as const;

/**
 * How the channels of a pixel become one number:
 * - `'maxAbs'`: the greatest absolute value (Simonyan et al., and the article this library began
 *   with)
 * - `'sumAbs'`: the sum of absolute values (PAIR saliency's grayscale)
 * - `'l2'`: the Euclidean norm
 * - `'sum'`, `'mean'`, `'max'`: of the signed values
 * - `'positive'`: the sum of the positive part; `'negative'`: the sum of the negative part, as a
 *   number >= 0
 */
export type ChannelMethod = (typeof CHANNEL_METHODS)[number];

const AGGREGATE: Record<ChannelMethod, (attribution: Tensor) => Tensor> = {
  maxAbs: (a) => max(abs(a), -1),
  sumAbs: (a) => sum(abs(a), -1),
  l2,
  sum: (a) => sum(a, -1),
  mean: (a) => mean(a, -1),
  max: (a) => max(a, -1),
  positive: (a) => sum(relu(a), -1),
  negative: (a) => sum(relu(neg(a)), -1),
};

/**
 * Relative to the greatest channel: gradients may be as small as 1e-25, whose squares float32 does
 * not hold.
 */
function l2(a: Tensor): Tensor {
  const greatest = max(abs(a), -1, true);
  const scale = where(greater(greatest, 0), greatest, onesLike(greatest));
  return mul(sqrt(sum(square(div(a, scale)), -1)), squeeze(scale, [-1]));
}

/**
 * Sums up the channels of an attribution.
 *
 * @param attribution [..., c], for an image [h, w, c] or [n, h, w, c]
 * @param method default `'maxAbs'`
 * @returns [...], a new tensor that the caller owns
 * @throws TypeError or RangeError for a wrong argument
 */
export function aggregateChannels(attribution: Tensor, method: ChannelMethod = 'maxAbs'): Tensor {
  return inFunction('aggregateChannels', () => {
    checkTensor('attribution', attribution);
    if (attribution.rank === 0) {
      throw outOfRange('attribution', 'a tensor with a last axis of channels', attribution);
    }
    checkChoice('method', method, CHANNEL_METHODS);
    return tidy(() => AGGREGATE[method](attribution));
  });
}
