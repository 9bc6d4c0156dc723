/** Matrix products. Letters: a [..., i, k], b [..., k, j] after transposition; either may be the broadcast batch. */
import { broadcastTo, einsum, matMul, reshape } from '@tensorflow/tfjs-core';
import type { BatchMatMulAttrs, EinsumAttrs, Tensor } from '@tensorflow/tfjs-core';
import { activationGradient } from './activation.js';
import type { Activation } from './activation.js';
import { unbroadcast } from './broadcast.js';
import { fusedBias } from './convolution.js';
import { inputRule } from '../rule.js';
import type { InputRule, KernelCall, RuleTable } from '../rule.js';

type Transposes = Pick<BatchMatMulAttrs, 'transposeA' | 'transposeB'>;

function byA(dy: Tensor, call: KernelCall<Transposes>): Tensor {
  const { transposeA, transposeB } = call.attrs;
  const b = call.value('b');
  const gradient = transposeA ? matMul(b, dy, transposeB, true) : matMul(dy, b, false, !transposeB);
  return unbroadcast(gradient, call.operand('a').shape);
}

function byB(dy: Tensor, call: KernelCall<Transposes>): Tensor {
  const { transposeA, transposeB } = call.attrs;
  const a = call.value('a');
  const gradient = transposeB ? matMul(dy, a, true, transposeA) : matMul(a, dy, !transposeA, false);
  return unbroadcast(gradient, call.operand('b').shape);
}

type Gradient<Attrs> = InputRule<Attrs>['gradient'];

const plain = (other: string, gradient: Gradient<Transposes>): InputRule =>
  inputRule<Transposes>(gradient, { needs: [other] });

const fused = (other: string, gradient: Gradient<Transposes>): InputRule =>
  inputRule<Transposes & Activation>(
    (dy, call, name) => gradient(activationGradient(dy, call.output(), call.attrs), call, name),
    { needs: [other], needsOutput: 0 },
  );

/** An operand's gradient is the einsum of dy with the other operands; labels only it has were summed over. */
function einsumGradient(dy: Tensor, call: KernelCall<EinsumAttrs>, name: string): Tensor {
  const [terms = '', result = ''] = call.attrs.equation.replace(/\s/g, '').split('->');
  const labels = terms.split(',');
  const own = labels[Number(name)]!;
  const others = call.names.filter((each) => each !== name);
  const otherLabels = others.map((each) => labels[Number(each)]!);
  const known = [...own].filter((label) => result.includes(label) || otherLabels.some((each) => each.includes(label)));
  const equation = `${[result, ...otherLabels].join(',')}->${known.join('')}`;
  const gradient = einsum(equation, dy, ...others.map((each) => call.value(each)));
  const { shape } = call.operand(name);
  if (known.length === own.length) return gradient;
  const kept = shape.map((size, axis) => (known.includes(own[axis]!) ? size : 1));
  return broadcastTo(reshape(gradient, kept), shape);
}

export const matmulRules: RuleTable = {
  BatchMatMul: { a: plain('b', byA), b: plain('a', byB) },
  _FusedMatMul: { a: fused('b', byA), b: fused('a', byB), bias: fusedBias },
  Einsum: {
    // Each operand needs the others; the kernel takes two at the most.
    '0': inputRule(einsumGradient, { needs: ['1'] }),
    '1': inputRule(einsumGradient, { needs: ['0'] }),
  },
};
