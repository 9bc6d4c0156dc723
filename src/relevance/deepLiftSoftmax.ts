/**
 * DeepLIFT's rule of softmax, exact in single steps: log y = x - L with L the
 * logarithm of the sum of exponentials, and y = e^(log y).
 *
 * Letters: x the logits, L [.., 1]; x0, L0, y0 of the baseline; m the multiplier of the output.
 */
import {
  abs,
  add,
  div,
  exp,
  greater,
  logSumExp,
  maximum,
  mul,
  onesLike,
  sub,
  sum,
  where,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { KernelCall } from '../gradient/rule.js';

/** Where exponents differ by less, the mean of both slopes is exact to float32. */
const CLOSE = 1e-3;

/** Divides a change of e^u by the change of u, or takes the mean slope where they are close. */
function exponentialSlope(e: Tensor, e0: Tensor, du: Tensor): Tensor {
  const isApart = greater(abs(du), CLOSE);
  const secant = div(sub(e, e0), where(isApart, du, onesLike(du)));
  return where(isApart, secant, mul(add(e, e0), 0.5));
}

const logarithmOfSum = (x: Tensor): Tensor => logSumExp(x, -1, true);

/** Computes the weights w with L - L0 = sum of w (x - x0). */
function weightsOfSum(x: Tensor, x0: Tensor, logSum: Tensor, logSum0: Tensor): Tensor {
  // Shifted by the greater of the two sums, nothing overflows.
  const shift = maximum(logSum, logSum0);
  const [e, e0] = [exp(sub(x, shift)), exp(sub(x0, shift))];
  const [s, s0] = [exp(sub(logSum, shift)), exp(sub(logSum0, shift))];
  const slope = exponentialSlope(s, s0, sub(logSum, logSum0));
  return div(exponentialSlope(e, e0, sub(x, x0)), slope);
}

/** Passes the multiplier of log y on to the logits. */
function logSoftmaxMultiplier(m: Tensor, call: KernelCall, twin: KernelCall): Tensor {
  const [x, x0] = [call.value('logits'), twin.value('logits')];
  const weights = weightsOfSum(x, x0, logarithmOfSum(x), logarithmOfSum(x0));
  return sub(m, mul(weights, sum(m, -1, true)));
}

export function softmaxMultiplier(m: Tensor, call: KernelCall, twin: KernelCall): Tensor {
  const [x, x0] = [call.value('logits'), twin.value('logits')];
  const du = sub(sub(x, logarithmOfSum(x)), sub(x0, logarithmOfSum(x0)));
  const slope = exponentialSlope(call.output(), twin.output(), du);
  return logSoftmaxMultiplier(mul(m, slope), call, twin);
}
