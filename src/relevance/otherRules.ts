/** LRP's rules of everything that is not a linear layer: activations, products, normalization. */
import { abs, add, div, maximum, mul, step, sub } from '@tensorflow/tfjs-core';
import type { ClipByValueAttrs } from '@tensorflow/tfjs-core';
import { inputRule, rule } from '../gradient/rule.js';
import type { InputRule, KernelCall, KernelRules, RuleTable } from '../gradient/rule.js';
import { rules } from '../gradient/rules/index.js';
import { gateOf, isExponentialSum } from './gates.js';

/** Keeps a rectifier's 0 / 0 from happening; half floats hold it too. */
const NONZERO = 1e-6;
/** Below this, the slope from 0 to x is the derivative at x. */
const CLOSE = 1e-3;

/**
 * Makes the rule of an activation f: relevance goes through as it is, and f(0) counts as a bias, so
 * c_x = (f(x) - f(0)) / x c.
 */
function slopeFromZero(kernel: string, atZero: (attrs: object) => number = () => 0): KernelRules {
  const derivative = rules[kernel]!['x']!;
  return {
    x: {
      ...inputRule(
        (c, call, name) => {
          const x = call.value('x');
          const isClose = step(sub(CLOSE, abs(x)));
          // Where x is close to 0, 1 keeps the division finite.
          const slope = div(
            sub(call.output(), atZero(call.attrs)),
            add(x, mul(isClose, sub(1, x))),
          );
          const near = mul(isClose, derivative.gradient(c, call, name));
          return add(near, mul(mul(sub(1, isClose), c), slope));
        },
        { needs: ['x'], needsOutput: 0 },
      ),
    },
  };
}

/** Makes the rule of a rectifier with a ceiling: y / x where it is open, 6 / x above 6. */
const withCeiling: KernelRules = rule(
  'x',
  (c, call) => mul(c, div(call.output(), maximum(call.value('x'), NONZERO))),
  { needs: ['x'], needsOutput: 0 },
);

const clipped = (attrs: object): number => {
  const { clipValueMin, clipValueMax } = attrs as ClipByValueAttrs;
  return Math.min(Math.max(0, clipValueMin), clipValueMax);
};

/**
 * Makes the rule of one factor: all relevance goes to the signal that a gate lets through, nothing
 * to the gate; of two signals, each gets half.
 */
function factor(kernel: string, name: string): InputRule {
  const gradient = rules[kernel]![name]!;
  return {
    ...gradient,
    isConstant: (call) => bothVary(call) && gateOf(call) === name,
    gradient: (c, call, operand) => {
      const passed = gradient.gradient(c, call, operand);
      return bothVary(call) && gateOf(call) === undefined ? mul(passed, 0.5) : passed;
    },
  };
}

const bothVary = ({ names, operand }: KernelCall): boolean =>
  names.every((name) => operand(name).dependsOnInput);

export const otherRules: RuleTable = {
  ...rules,
  Relu6: withCeiling,
  ClippedRelu: withCeiling,
  Elu: slopeFromZero('Elu'),
  Selu: slopeFromZero('Selu'),
  Tanh: slopeFromZero('Tanh'),
  Erf: slopeFromZero('Erf'),
  Sigmoid: slopeFromZero('Sigmoid', () => 0.5),
  Softplus: slopeFromZero('Softplus', () => Math.LN2),
  ClipByValue: slopeFromZero('ClipByValue', clipped),
  Square: rule('x', (c, call) => mul(c, call.value('x')), { needs: ['x'] }),
  Multiply: { a: factor('Multiply', 'a'), b: factor('Multiply', 'b') },
  RealDiv: {
    a: rules['RealDiv']!['a']!,
    // A divisor is a deviation, which counts as a constant, but of a softmax.
    b: {
      ...rules['RealDiv']!['b']!,
      isConstant: (call) => bothVary(call) && !isExponentialSum(call.tape, call.operand('b')),
    },
  },
  FusedBatchNorm: {
    ...rules['FusedBatchNorm']!,
    variance: { ...rules['FusedBatchNorm']!['variance']!, isConstant: () => true },
  },
};
