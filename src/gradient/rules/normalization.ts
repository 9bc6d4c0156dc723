/** Batch normalization in inference mode and local response normalization. */
import {
  add,
  div,
  matMul,
  mul,
  neg,
  pow,
  reshape,
  rsqrt,
  square,
  sub,
  tensor2d,
} from '@tensorflow/tfjs-core';
import type { FusedBatchNormAttrs, LRNAttrs, Tensor } from '@tensorflow/tfjs-core';
import { unbroadcast } from './broadcast.js';
import { inputRule, rule } from '../rule.js';
import type { KernelCall, RuleTable } from '../rule.js';

/** The inputs that the factor is made of. */
export const STATISTICS = ['variance', 'scale'];
const EVERYTHING = /* @__PURE__ */ ['x', 'mean'].concat(STATISTICS);

export type BatchNormCall = KernelCall<FusedBatchNormAttrs>;

const inverseDeviation = (call: BatchNormCall): Tensor =>
  rsqrt(add(call.value('variance'), call.attrs.varianceEpsilon));

/** Reads the values of the statistics that the call has. */
export const statisticsOf = (call: KernelCall<unknown>): Tensor[] =>
  STATISTICS.filter((name) => call.has(name)).map((name) => call.value(name));

/** Computes scale / deviation; without a scale (Keras's InceptionV3) it counts as 1. */
export function normalizingFactor(call: BatchNormCall): Tensor {
  const deviation = inverseDeviation(call);
  return call.has('scale') ? mul(deviation, call.value('scale')) : deviation;
}

/** Computes the same once per run. */
const factor = (call: BatchNormCall): Tensor =>
  call.cache.of(statisticsOf(call), `batch norm ${call.attrs.varianceEpsilon}`, () =>
    normalizingFactor(call),
  );

const centred = (call: BatchNormCall): Tensor => sub(call.value('x'), call.value('mean'));

/** Makes a band matrix [c, c] that sums each channel's neighbours within `depthRadius`. */
function band(channels: number, depthRadius: number): Tensor {
  const near = Array.from({ length: channels * channels }, (_, k) => {
    const distance = Math.abs((k % channels) - Math.floor(k / channels));
    return distance <= depthRadius ? 1 : 0;
  });
  return tensor2d(near, [channels, channels]);
}

/** Differentiates y = x s^-beta, s = bias + alpha (sum of squares of neighbouring channels). */
function lrnGradient(dy: Tensor, call: KernelCall<LRNAttrs>): Tensor {
  const { depthRadius, bias, alpha, beta } = call.attrs;
  const x = call.value('x');
  const channels = x.shape.at(-1)!;
  const neighbours = call.cache.of([], `lrn ${channels} ${depthRadius}`, () =>
    band(channels, depthRadius),
  );
  const sumOfNeighbours = (t: Tensor): Tensor =>
    reshape(matMul(reshape(t, [-1, channels]), neighbours), x.shape);
  const s = add(bias, mul(alpha, sumOfNeighbours(square(x))));
  const direct = mul(dy, pow(s, -beta));
  const crossChannel = mul(mul(2 * alpha * beta, x), sumOfNeighbours(div(mul(direct, x), s)));
  return sub(direct, crossChannel);
}

export const normalizationRules: RuleTable = {
  FusedBatchNorm: {
    x: inputRule<FusedBatchNormAttrs>((dy, call) => mul(dy, factor(call)), { needs: STATISTICS }),
    // Layer and instance normalization run through this kernel too, with statistics of x itself.
    mean: inputRule<FusedBatchNormAttrs>(
      (dy, call) => unbroadcast(neg(mul(dy, factor(call))), call.operand('mean').shape),
      { needs: STATISTICS },
    ),
    variance: inputRule<FusedBatchNormAttrs>(
      (dy, call) => {
        const slope = mul(-0.5, mul(factor(call), square(inverseDeviation(call))));
        return unbroadcast(mul(dy, mul(centred(call), slope)), call.operand('variance').shape);
      },
      { needs: EVERYTHING },
    ),
    scale: inputRule<FusedBatchNormAttrs>(
      (dy, call) =>
        unbroadcast(
          mul(dy, mul(centred(call), inverseDeviation(call))),
          call.operand('scale').shape,
        ),
      { needs: EVERYTHING },
    ),
    offset: inputRule((dy, call) => unbroadcast(dy, call.operand('offset').shape)),
  },
  LRN: rule<LRNAttrs>('x', lrnGradient, { needs: ['x'] }),
};
