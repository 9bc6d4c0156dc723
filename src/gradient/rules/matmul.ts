/**
 * Matrix products. Letters: a [..., i, k], b [..., k, j] after transposition; either may be the
 * broadcast batch.
 */
import { einsum, engine, matMul, reshape, transpose } from '@tensorflow/tfjs-core';
import type { BatchMatMulAttrs, EinsumAttrs, Tensor } from '@tensorflow/tfjs-core';
import { activationGradient, outputIfActivated } from './activation.js';
import type { Activation } from './activation.js';
import { spreadTo, unbroadcast } from './broadcast.js';
import { fusedBias } from './convolution.js';
import { inputRule } from '../rule.js';
import type { InputRule, KernelCall, RuleTable } from '../rule.js';

type Transposes = Pick<BatchMatMulAttrs, 'transposeA' | 'transposeB'>;

/**
 * The product of a and b, either of which may be given transposed. wasm multiplies transposed
 * operands number by number, a tenth as fast: there the smaller ones are turned by hand, a (b)' as
 * (b a')' if b is a large matrix of weights.
 */
function product(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  if (engine().backendName !== 'wasm' || !(transposeA || transposeB))
    return matMul(a, b, transposeA, transposeB);
  if (transposeB && b.size > a.size) return turned(matMul(b, transposeA ? a : turned(a)));
  if (transposeA && a.size > b.size) return turned(matMul(transposeB ? b : turned(b), a));
  return matMul(transposeA ? turned(a) : a, transposeB ? turned(b) : b);
}

const turned = (x: Tensor): Tensor => {
  const order = [...x.shape.keys()];
  return transpose(x, [...order.slice(0, -2), x.rank - 1, x.rank - 2]);
};

function byA(dy: Tensor, call: KernelCall<Transposes>): Tensor {
  const { transposeA, transposeB } = call.attrs;
  const b = call.value('b');
  const gradient = transposeA
    ? product(b, dy, transposeB, true)
    : product(dy, b, false, !transposeB);
  return unbroadcast(gradient, call.operand('a').shape);
}

function byB(dy: Tensor, call: KernelCall<Transposes>): Tensor {
  const { transposeA, transposeB } = call.attrs;
  const a = call.value('a');
  const gradient = transposeB
    ? product(dy, a, true, transposeA)
    : product(a, dy, !transposeA, false);
  return unbroadcast(gradient, call.operand('b').shape);
}

type Gradient<Attrs> = InputRule<Attrs>['gradient'];

const plain = (other: string, gradient: Gradient<Transposes>): InputRule =>
  inputRule<Transposes>(gradient, { needs: [other] });

const fused = (other: string, gradient: Gradient<Transposes>): InputRule =>
  inputRule<Transposes & Activation>(
    (dy, call, name) => gradient(activationGradient(dy, call.output(), call.attrs), call, name),
    { needs: [other], needsOutput: outputIfActivated },
  );

/**
 * An operand's gradient is the einsum of dy with the other operands; labels only it has were summed
 * over.
 */
function einsumGradient(dy: Tensor, call: KernelCall<EinsumAttrs>, name: string): Tensor {
  const [terms = '', result = ''] = call.attrs.equation.replace(/\s/g, '').split('->');
  const labels = terms.split(',');
  const own = labels[Number(name)]!;
  const others = call.names.filter((each) => each !== name);
  const otherLabels = others.map((each) => labels[Number(each)]!);
  const known = [...own].filter(
    (label) => result.includes(label) || otherLabels.some((each) => each.includes(label)),
  );
  const equation = `${[result, ...otherLabels].join(',')}->${known.join('')}`;
  const gradient = einsum(equation, dy, ...others.map((each) => call.value(each)));
  const { shape } = call.operand(name);
  if (known.length === own.length) return gradient;
  const kept = shape.map((size, axis) => (known.includes(own[axis]!) ? size : 1));
  return spreadTo(reshape(gradient, kept), shape);
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
