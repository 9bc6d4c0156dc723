/** Arithmetic of two operands, either of which may be broadcast, and sums of many. */
import {
  add,
  div,
  floor,
  greater,
  greaterEqual,
  less,
  lessEqual,
  log,
  mul,
  neg,
  pow,
  scalar,
  square,
  sub,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { unbroadcast } from './broadcast.js';
import { conjugate, negated } from './spectrum.js';
import type { InputRule, KernelRules, RuleTable } from '../rule.js';

interface Values {
  readonly a: Tensor;
  readonly b: Tensor;
}
/** Computes dy times the derivative with respect to one operand. */
type Derivative = (dy: Tensor, values: Values) => Tensor;

/** Makes an operand's rule: the values that its derivative needs, and the derivative. */
const partial = /* @__NO_SIDE_EFFECTS__ */ (
  needs: readonly ('a' | 'b')[],
  derivative: Derivative,
): InputRule => ({
  needs,
  gradient: (dy, call, name) => {
    const values = { a: call.value('a'), b: call.value('b') };
    return unbroadcast(derivative(dy, values), call.operand(name).shape);
  },
});

/** Makes the rules of a binary kernel of the rules for its two operands. */
const binary = /* @__NO_SIDE_EFFECTS__ */ (a: InputRule, b: InputRule): KernelRules => ({ a, b });

const select = (condition: Tensor, dy: Tensor): Tensor => where(condition, dy, zerosLike(dy));

export const arithmeticRules: RuleTable = {
  Add: binary(
    partial([], (dy) => dy),
    partial([], (dy) => dy),
  ),
  AddN: { '*': { gradient: (dy) => dy } },
  Sub: binary(
    partial([], (dy) => dy),
    partial([], (dy) => negated(dy)),
  ),
  Multiply: binary(
    partial(['b'], (dy, { b }) => mul(dy, conjugate(b))),
    partial(['a'], (dy, { a }) => mul(dy, conjugate(a))),
  ),
  RealDiv: binary(
    partial(['b'], (dy, { b }) => div(dy, b)),
    partial(['a', 'b'], (dy, { a, b }) => neg(mul(dy, div(a, square(b))))),
  ),
  SquaredDifference: binary(
    partial(['a', 'b'], (dy, { a, b }) => mul(dy, mul(2, sub(a, b)))),
    partial(['a', 'b'], (dy, { a, b }) => mul(dy, mul(2, sub(b, a)))),
  ),
  // A tie goes to the first operand, as in TensorFlow.
  Maximum: binary(
    partial(['a', 'b'], (dy, { a, b }) => select(greaterEqual(a, b), dy)),
    partial(['a', 'b'], (dy, { a, b }) => select(less(a, b), dy)),
  ),
  Minimum: binary(
    partial(['a', 'b'], (dy, { a, b }) => select(lessEqual(a, b), dy)),
    partial(['a', 'b'], (dy, { a, b }) => select(greater(a, b), dy)),
  ),
  Pow: binary(
    partial(['a', 'b'], (dy, { a, b }) => mul(dy, mul(b, pow(a, sub(b, scalar(1)))))),
    // log(a) only where a > 0: elsewhere TensorFlow takes the derivative with respect to the
    // exponent as 0.
    partial(['a', 'b'], (dy, { a, b }) =>
      mul(dy, mul(pow(a, b), where(greater(a, 0), log(a), zerosLike(a)))),
    ),
  ),
  // a - floor(a / b) b; webgl's FloorDiv rounds its operands to whole numbers first.
  Mod: binary(
    partial([], (dy) => dy),
    partial(['a', 'b'], (dy, { a, b }) => neg(mul(dy, floor(div(a, b))))),
  ),
  Atan2: binary(
    partial(['a', 'b'], (dy, { a, b }) => mul(dy, div(b, add(square(a), square(b))))),
    partial(['a', 'b'], (dy, { a, b }) => neg(mul(dy, div(a, add(square(a), square(b)))))),
  ),
};
