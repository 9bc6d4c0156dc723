/** Sums, means, extremes, products, and running sums and products. */
import {
  cast,
  cumprod,
  cumsum,
  div,
  eye,
  mul,
  reshape,
  reverse,
  sub,
  sum,
  transpose,
  util,
  where,
} from '@tensorflow/tfjs-core';
import type { CumprodAttrs, CumsumAttrs, MaxAttrs, SumAttrs, Tensor } from '@tensorflow/tfjs-core';
import { differs, keptShape, spread } from './broadcast.js';
import { rule } from '../rule.js';
import type { KernelRules, RuleTable } from '../rule.js';

/** Shares dy equally among the extremes that tie, as in TensorFlow. */
/* @__NO_SIDE_EFFECTS__ */
function extreme(
  axesOf: (attrs: Partial<MaxAttrs & SumAttrs>) => number | number[] | undefined,
): KernelRules {
  return rule<Partial<MaxAttrs & SumAttrs>>(
    'x',
    (dy, call) => {
      const x = call.value('x');
      const axes = axesOf(call.attrs);
      const kept = keptShape(x.shape, axes);
      const chosen = sub(1, differs(x, reshape(call.output(), kept)));
      return mul(chosen, div(reshape(dy, kept), sum(chosen, axes, true)));
    },
    { needs: ['x'], needsOutput: 0 },
  );
}

/**
 * Computes a cumulative sum or product.
 *
 * One from the end reverses input and output: webgpu's kernel with `reverse` reuses the shader of
 * another length, as the key of its shader cache lacks the length.
 */
function running(
  cumulate: typeof cumsum,
  x: Tensor,
  axis: number,
  exclusive: boolean,
  fromEnd: boolean,
): Tensor {
  return fromEnd
    ? reverse(cumulate(reverse(x, axis), axis, exclusive), axis)
    : cumulate(x, axis, exclusive);
}

/** Multiplies dy by the product of all other factors; without division, so zeros do no harm. */
function productGradient(dy: Tensor, x: Tensor, axes: number | number[] | undefined): Tensor {
  const reduced = util.parseAxisParam(axes!, x.shape);
  const order = [...x.shape.keys()].filter((axis) => !reduced.includes(axis)).concat(reduced);
  const moved = transpose(x, order);
  const last = util.sizeFromShape(reduced.map((axis) => x.shape[axis]!));
  const rows = reshape(moved, [-1, last]);
  const others = mul(running(cumprod, rows, 1, true, false), running(cumprod, rows, 1, true, true));
  const gradient = reshape(mul(reshape(dy, [-1, 1]), others), moved.shape);
  return transpose(gradient, inverse(order));
}

const inverse = (order: readonly number[]): number[] => order.map((_, axis) => order.indexOf(axis));

/**
 * Computes the derivatives as differences: of the output with an input at 1 and with it at 0.
 *
 * Each output is linear in each input, so this is exact, zeros included. It takes as many times the
 * memory as the axis is long.
 */
function cumulativeProductGradient(dy: Tensor, x: Tensor, attrs: CumprodAttrs): Tensor {
  const { axis, exclusive, reverse: fromEnd } = attrs;
  const [along = 0] = util.parseAxisParam(axis, x.shape);
  const order = [...x.shape.keys()].filter((other) => other !== along).concat(along);
  const moved = transpose(x, order);
  const length = x.shape[along]!;
  const rows = reshape(moved, [-1, 1, length]);
  const itself = cast(reshape(eye(length), [1, length, length]), 'bool');
  const last = 2;
  const at = (value: number): Tensor =>
    running(cumprod, where(itself, value, rows), last, exclusive, fromEnd);
  const derivative = sub(at(1), at(0));
  const dyRows = reshape(transpose(dy, order), [-1, 1, length]);
  return transpose(reshape(sum(mul(dyRows, derivative), last), moved.shape), inverse(order));
}

type Shape4D = [number, number, number, number];

const isOverPixels = (shape: number[], axis: number | number[] | undefined): boolean =>
  shape.length === 4 && util.parseAxisParam(axis!, shape).sort().join() === '1,2';

export const reductionRules: RuleTable = {
  Sum: rule<SumAttrs>('x', (dy, call) => spread(dy, call.operand('x').shape, call.attrs.axis)),
  Mean: rule<SumAttrs>('x', (dy, call) => {
    const { shape } = call.operand('x');
    if (isOverPixels(shape, call.attrs.axis)) {
      const own = call.kernels?.globalAverageInputGradient(dy, shape as Shape4D);
      if (own !== undefined) return own;
    }
    const count = util.sizeFromShape(shape) / Math.max(1, dy.size);
    return spread(div(dy, count), shape, call.attrs.axis);
  }),
  Max: extreme(({ reductionIndices }) => reductionIndices),
  Min: extreme(({ axis }) => axis),
  Prod: rule<SumAttrs>('x', (dy, call) => productGradient(dy, call.value('x'), call.attrs.axis), {
    needs: ['x'],
  }),
  Cumsum: rule<CumsumAttrs>('x', (dy, { attrs: { axis, exclusive, reverse: fromEnd } }) =>
    running(cumsum, dy, axis, exclusive, !fromEnd),
  ),
  Cumprod: rule<CumprodAttrs>(
    'x',
    (dy, call) => cumulativeProductGradient(dy, call.value('x'), call.attrs),
    {
      needs: ['x'],
    },
  ),
};
