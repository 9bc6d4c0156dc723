/** Functions of one number. */
import {
  add,
  cos,
  cosh,
  div,
  exp,
  mul,
  neg,
  rsqrt,
  sign,
  sin,
  sinh,
  sqrt,
  square,
  sub,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { differs } from './broadcast.js';
import { rule } from '../rule.js';
import type { RuleTable } from '../rule.js';

/** Multiplies dy by a derivative computed from the input. */
const byInput = /* @__NO_SIDE_EFFECTS__ */ (derivative: (x: Tensor) => Tensor) =>
  rule('x', (dy, call) => mul(dy, derivative(call.value('x'))), { needs: ['x'] });

/** Multiplies dy by a derivative computed from the output. */
const byOutput = /* @__NO_SIDE_EFFECTS__ */ (derivative: (y: Tensor) => Tensor) =>
  rule('x', (dy, call) => mul(dy, derivative(call.output())), { needsOutput: 0 });

const oneMinusSquare = (x: Tensor): Tensor => sub(1, square(x));
const onePlusSquare = (x: Tensor): Tensor => add(1, square(x));

export const elementwiseRules: RuleTable = {
  Abs: byInput(sign),
  Acos: byInput((x) => neg(rsqrt(oneMinusSquare(x)))),
  Acosh: byInput((x) => rsqrt(sub(square(x), 1))),
  Asin: byInput((x) => rsqrt(oneMinusSquare(x))),
  Asinh: byInput((x) => rsqrt(onePlusSquare(x))),
  Atan: byInput((x) => div(1, onePlusSquare(x))),
  Atanh: byInput((x) => div(1, oneMinusSquare(x))),
  // 1 where nothing was clipped, the bounds included, as in TensorFlow.
  ClipByValue: rule('x', (dy, call) => mul(dy, sub(1, differs(call.value('x'), call.output()))), {
    needs: ['x'],
    needsOutput: 0,
  }),
  Cos: byInput((x) => neg(sin(x))),
  Cosh: byInput(sinh),
  Erf: byInput((x) => mul(2 / Math.sqrt(Math.PI), exp(neg(square(x))))),
  Exp: byOutput((y) => y),
  Expm1: byOutput((y) => add(y, 1)),
  Log: byInput((x) => div(1, x)),
  Log1p: byInput((x) => div(1, add(x, 1))),
  Neg: rule('x', (dy) => neg(dy)),
  Reciprocal: byOutput((y) => neg(square(y))),
  Rsqrt: byOutput((y) => mul(-0.5, mul(y, square(y)))),
  Sin: byInput(cos),
  Sinh: byInput(cosh),
  Sqrt: byInput((x) => div(0.5, sqrt(x))),
  Square: byInput((x) => mul(2, x)),
  Tan: byOutput(onePlusSquare),
};
