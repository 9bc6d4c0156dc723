/**
 * DeepLIFT's rules: the multiplier of a kernel is the change of its output over that of its input,
 * between a pass over a baseline and one over the input.
 *
 * Letters: x, y a kernel's input and output, x0, y0 those of the pass over the baseline, dx = x -
 * x0, m the multiplier of the output.
 */
import {
  abs,
  add,
  div,
  greater,
  mul,
  notEqual,
  onesLike,
  relu,
  rsqrt,
  square,
  step,
  sub,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { FusedBatchNormAttrs, Tensor } from '@tensorflow/tfjs-core';
import { inputRule } from '../gradient/rule.js';
import type { InputRule, KernelCall, KernelRules, RuleTable } from '../gradient/rule.js';
import { unbroadcast } from '../gradient/rules/broadcast.js';
import { elementwiseRules } from '../gradient/rules/elementwise.js';
import { rules } from '../gradient/rules/index.js';
import type { TwinOf } from './pairOfPasses.js';
import { softmaxMultiplier } from './deepLiftSoftmax.js';

/** A kernel's multiplier for the input `name`, from both passes. */
export type Multiplier = (m: Tensor, call: KernelCall, twin: KernelCall, name: string) => Tensor;

/** A rule that looks at both passes, and what it needs saved. */
interface PairRule {
  readonly needs: readonly string[];
  readonly needsOutput?: number;
  readonly multiplier: Multiplier;
}

/** Functions whose graph consists of straight lines: a secant is exact however short it is. */
const PIECEWISE_LINEAR = ['Relu', 'Relu6', 'LeakyRelu', 'Prelu', 'Abs', 'ClipByValue'];
const SMOOTH = ['Elu', 'Selu', 'Sigmoid', 'Tanh', 'Softplus'].concat(
  Object.keys(elementwiseRules).filter(
    (kernel) => !PIECEWISE_LINEAR.includes(kernel) && kernel !== 'Square' && kernel !== 'Neg',
  ),
);
/** Where a smooth function's input changes by less, rounding would spoil the secant. */
const CLOSE = 1e-3;

const MAXIMA = ['MaxPool', 'MaxPoolWithArgmax', 'MaxPool3D', 'Max', 'Dilation2D'];

const savedBySecant = { needs: ['x', 'alpha', 'a', 'b'], needsOutput: 0 };

/** Makes the rule of the slope between the passes; where they are close, of the mean slope. */
const secant = (derivative: InputRule): PairRule => ({
  ...savedBySecant,
  multiplier(m, call, twin, name) {
    const dx = sub(call.value(name), twin.value(name));
    const isApart = greater(abs(dx), CLOSE);
    const slope = div(sub(call.output(), twin.output()), where(isApart, dx, onesLike(dx)));
    const near = mean(derivative.gradient(m, call, name), derivative.gradient(m, twin, name));
    return where(isApart, mul(m, slope), near);
  },
});

/**
 * Makes the same rule of straight lines: where the passes meet, the slope. As slopes are finite, it
 * is a sum of products, which takes wasm less time than to compare and choose.
 */
const exactSecant = (derivative: InputRule): PairRule => ({
  ...savedBySecant,
  multiplier(m, call, twin, name) {
    const dx = sub(call.value(name), twin.value(name));
    const meet = sub(1, step(abs(dx)));
    // Where they meet, the output does not change either.
    const slope = div(sub(call.output(), twin.output()), add(dx, meet));
    return add(mul(m, slope), mul(derivative.gradient(m, call, name), meet));
  },
});

export const mean = (a: Tensor, b: Tensor): Tensor => mul(add(a, b), 0.5);

/** Reads the mean of both passes in place of a value: what is exact for products of two. */
function atMean(call: KernelCall, twin: KernelCall): KernelCall {
  return {
    ...call,
    value: (name) =>
      call.operand(name).dependsOnInput
        ? mean(call.value(name), twin.value(name))
        : call.value(name),
  };
}

/** Makes the rule of a kernel that is linear in each of two operands, or quadratic in one. */
const bilinear = (gradient: InputRule): PairRule => ({
  needs: ['x', 'a', 'b', '0', '1', 'bias'],
  multiplier: (m, call, twin, name) => gradient.gradient(m, atMean(call, twin), name),
});

/**
 * Makes the rule of extremes over windows or axes.
 *
 * An increase of the maximum goes to where the input has it, a decrease to where the baseline has
 * it. Overlapping windows add up.
 */
const extreme = (gradient: InputRule, sign: 1 | -1): PairRule => ({
  needs: ['x', 'filter'],
  needsOutput: 0,
  multiplier(m, call, twin, name) {
    const change = mul(sub(call.output(), twin.output()), sign);
    const increase = gradient.gradient(mul(m, relu(change)), call, name);
    const decrease = gradient.gradient(mul(m, relu(mul(change, -1))), twin, name);
    const dx = sub(call.value(name), twin.value(name));
    const differ = notEqual(dx, 0);
    const share = div(mul(sub(increase, decrease), sign), where(differ, dx, onesLike(dx)));
    return where(differ, share, zerosLike(share));
  },
});

/** The greater or lesser of a and b, by max(a, b) = b + relu(a - b). */
const binaryExtreme = (operand: 'a' | 'b', isMaximum: boolean): PairRule => ({
  needs: ['a', 'b'],
  multiplier(m, call, twin, name) {
    const d = sub(call.value('a'), call.value('b'));
    const change = sub(d, sub(twin.value('a'), twin.value('b')));
    const differ = notEqual(change, 0);
    const rise = sub(relu(d), relu(sub(twin.value('a'), twin.value('b'))));
    const slope = where(differ, div(rise, where(differ, change, onesLike(d))), step(d));
    const isOfA = (operand === 'a') === isMaximum;
    return unbroadcast(mul(m, isOfA ? slope : sub(1, slope)), call.operand(name).shape);
  },
});

const division: Readonly<Record<'a' | 'b', PairRule>> = {
  a: {
    needs: ['b'],
    multiplier: (m, call, twin) =>
      unbroadcast(
        mul(m, mean(div(1, call.value('b')), div(1, twin.value('b')))),
        call.operand('a').shape,
      ),
  },
  // 1 / b - 1 / b0 = -(b - b0) / (b b0)
  b: {
    needs: ['a', 'b'],
    multiplier(m, call, twin) {
      const product = mul(call.value('b'), twin.value('b'));
      const a = mean(call.value('a'), twin.value('a'));
      return unbroadcast(mul(mul(m, -1), div(a, product)), call.operand('b').shape);
    },
  },
};

type BatchNorm = KernelCall<FusedBatchNormAttrs>;

const scaleOf = (call: KernelCall): Tensor | number =>
  call.has('scale') ? call.value('scale') : 1;
const inverseDeviation = (call: KernelCall): Tensor =>
  rsqrt(add(call.value('variance'), (call as unknown as BatchNorm).attrs.varianceEpsilon));
const centred = (call: KernelCall): Tensor => sub(call.value('x'), call.value('mean'));

const STATISTICS = ['x', 'mean', 'variance', 'scale'];

/** Normalization with statistics of its input: a product of x - mean and 1 / deviation. */
const normalization: Readonly<Record<string, PairRule>> = {
  x: {
    needs: STATISTICS,
    multiplier: (m, call, twin) =>
      mul(m, mul(mean(inverseDeviation(call), inverseDeviation(twin)), scaleOf(call))),
  },
  mean: {
    needs: STATISTICS,
    multiplier: (m, call, twin) =>
      unbroadcast(
        mul(m, mul(mean(inverseDeviation(call), inverseDeviation(twin)), mul(scaleOf(call), -1))),
        call.operand('mean').shape,
      ),
  },
  // With p = v^-1/2: p - p0 = -(v - v0) p p0 / (1 / p + 1 / p0).
  variance: {
    needs: STATISTICS,
    multiplier(m, call, twin) {
      const [p, p0] = [inverseDeviation(call), inverseDeviation(twin)];
      const slope = div(square(mul(p, p0)), mul(add(p, p0), -1));
      const deviation = mul(mean(centred(call), centred(twin)), scaleOf(call));
      return unbroadcast(mul(m, mul(deviation, slope)), call.operand('variance').shape);
    },
  },
};

/**
 * Makes the table of rules.
 * @param twinOf is asked on the way back only, not while a pass is recorded
 */
export function deepLiftRules(twinOf: TwinOf): RuleTable {
  const made = ({ multiplier, ...saved }: PairRule): InputRule =>
    inputRule((m, call, name) => multiplier(m, call, twinOf(call), name), saved);
  const changed = (
    kernels: readonly string[],
    ruleOf: (gradient: InputRule) => PairRule,
  ): Record<string, KernelRules> =>
    Object.fromEntries(
      kernels.map((kernel) => [
        kernel,
        { ...rules[kernel], x: made(ruleOf(rules[kernel]!['x']!)) },
      ]),
    );
  const allOf = (kernel: string): KernelRules =>
    Object.fromEntries(
      Object.entries(rules[kernel]!).map(([name, gradient]) => [
        name,
        name === 'bias' ? gradient : made(bilinear(gradient)),
      ]),
    );
  const named = (ruleOf: Readonly<Record<string, PairRule>>): KernelRules =>
    Object.fromEntries(Object.entries(ruleOf).map(([name, rule]) => [name, made(rule)]));
  const single = Object.fromEntries(
    Object.entries(rules).filter(([name]) => name !== 'ClippedRelu'),
  );
  return {
    ...single,
    ...changed(PIECEWISE_LINEAR, exactSecant),
    ...changed(SMOOTH, secant),
    ...changed(['Square'], bilinear),
    ...changed(MAXIMA, (gradient) => extreme(gradient, 1)),
    ...changed(['Min'], (gradient) => extreme(gradient, -1)),
    Pow: { ...rules['Pow'], a: made(secant(rules['Pow']!['a']!)) },
    Multiply: allOf('Multiply'),
    SquaredDifference: allOf('SquaredDifference'),
    BatchMatMul: allOf('BatchMatMul'),
    _FusedMatMul: allOf('_FusedMatMul'),
    Einsum: allOf('Einsum'),
    RealDiv: named(division),
    Maximum: named({ a: binaryExtreme('a', true), b: binaryExtreme('b', true) }),
    Minimum: named({ a: binaryExtreme('a', false), b: binaryExtreme('b', false) }),
    FusedBatchNorm: { ...rules['FusedBatchNorm'], ...named(normalization) },
    Softmax: named({
      logits: { needs: ['logits'], needsOutput: 0, multiplier: softmaxMultiplier },
    }),
  };
}
