/**
 * Matrix products.
 *
 * Letters: a [..., i, k], b [..., k, j] after transposition; the batch of either may be broadcast.
 */
import { einsum, engine, matMul, reshape, transpose } from '@tensorflow/tfjs-core';
import type { BatchMatMulAttrs, EinsumAttrs, Tensor } from '@tensorflow/tfjs-core';
import { spreadTo, unbroadcast } from './broadcast.js';
import { fusedBias } from './convolution.js';
import { inputRule } from '../rule.js';
import type { KernelCall, RuleTable } from '../rule.js';

type Transposes = Pick<BatchMatMulAttrs, 'transposeA' | 'transposeB'>;

/**
 * Multiplies a and b, either of which may come transposed.
 *
 * wasm multiplies transposed operands ten times as slowly, number by number. There the smaller one
 * is transposed first, and a b' is computed as (b a')' if b is a large matrix of weights.
 */
function product(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  if (engine().backendName !== 'wasm' || !(transposeA || transposeB))
    return matMul(a, b, transposeA, transposeB);
  if (transposeB && b.size > a.size)
    return transposeLast2(matMul(b, transposeA ? a : transposeLast2(a)));
  if (transposeA && a.size > b.size)
    return transposeLast2(matMul(transposeB ? b : transposeLast2(b), a));
  return matMul(transposeA ? transposeLast2(a) : a, transposeB ? transposeLast2(b) : b);
}

const transposeLast2 = (x: Tensor): Tensor => {
  const order = [...x.shape.keys()];
  return transpose(x, [...order.slice(0, -2), x.rank - 1, x.rank - 2]);
};

function gradientOfA(dy: Tensor, call: KernelCall<Transposes>): Tensor {
  const { transposeA, transposeB } = call.attrs;
  const b = call.value('b');
  if (!transposeA && !transposeB) {
    const own = call.kernels?.denseInputGradient(dy, b);
    if (own?.shape.join() === call.operand('a').shape.join()) return own;
  }
  const gradient = transposeA
    ? product(b, dy, transposeB, true)
    : product(dy, b, false, !transposeB);
  return unbroadcast(gradient, call.operand('a').shape);
}

function gradientOfB(dy: Tensor, call: KernelCall<Transposes>): Tensor {
  const { transposeA, transposeB } = call.attrs;
  const a = call.value('a');
  const gradient = transposeB
    ? product(dy, a, true, transposeA)
    : product(a, dy, !transposeA, false);
  return unbroadcast(gradient, call.operand('b').shape);
}

const a = inputRule<Transposes>(gradientOfA, { needs: ['b'] });
const b = inputRule<Transposes>(gradientOfB, { needs: ['a'] });

/**
 * Computes an operand's gradient, the einsum of dy with the other operands.
 *
 * Labels that only this operand has were summed over, so the gradient is the same all along them.
 */
function einsumGradient(dy: Tensor, call: KernelCall<EinsumAttrs>, name: string): Tensor {
  const [terms = '', result = ''] = call.attrs.equation.replace(/\s/g, '').split('->');
  const labels = terms.split(',');
  const operandLabels = labels[Number(name)]!;
  const others = call.names.filter((other) => other !== name);
  const otherLabels = others.map((other) => labels[Number(other)]!);
  const known = [...operandLabels].filter(
    (label) => result.includes(label) || otherLabels.some((term) => term.includes(label)),
  );
  const equation = `${[result, ...otherLabels].join(',')}->${known.join('')}`;
  const gradient = einsum(equation, dy, ...others.map((other) => call.value(other)));
  const { shape } = call.operand(name);
  if (known.length === operandLabels.length) return gradient;
  const kept = shape.map((size, axis) => (known.includes(operandLabels[axis]!) ? size : 1));
  return spreadTo(reshape(gradient, kept), shape);
}

export const matmulRules: RuleTable = {
  BatchMatMul: { a, b },
  _FusedMatMul: { a, b, bias: fusedBias },
  Einsum: {
    // Each operand needs the others; the kernel takes two at the most.
    '0': inputRule(einsumGradient, { needs: ['1'] }),
    '1': inputRule(einsumGradient, { needs: ['0'] }),
  },
};
