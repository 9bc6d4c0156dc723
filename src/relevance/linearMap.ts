/**
 * A kernel that is linear in its input, as LRP sees it: y = W x + b, with W and b constants.
 *
 * Letters: x the input, W the weights, b the bias, y the output.
 */
import { add, mul, onesLike, relu, reshape, sub } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import { engine } from '../gradient/engine.js';
import { runOwnKernel } from '../gradient/ownForward.js';
import type { RecordedCall } from '../gradient/recordedCall.js';
import { RuledCall } from '../gradient/ruledCall.js';
import type { InputRule, KernelCall } from '../gradient/rule.js';
import { rules } from '../gradient/rules/index.js';
import { normalizingFactor, STATISTICS } from '../gradient/rules/normalization.js';
import type { BatchNormCall } from '../gradient/rules/normalization.js';
import { isNonNegative } from './nonNegative.js';

/** The names of a kernel's input and weights, and the kernel without bias and activation. */
interface LinearKernel {
  readonly kernel: string;
  readonly x: string;
  readonly weights: string;
}

const CONV: LinearKernel = { kernel: 'Conv2D', x: 'x', weights: 'filter' };
const DEPTHWISE: LinearKernel = { kernel: 'DepthwiseConv2dNative', x: 'x', weights: 'filter' };

export const CONVOLUTIONS: Readonly<Record<string, LinearKernel>> = {
  Conv2D: CONV,
  FusedConv2D: CONV,
  BiasedConv2D: CONV,
  NormalizedConv2D: CONV,
  DepthwiseConv2dNative: DEPTHWISE,
  FusedDepthwiseConv2D: DEPTHWISE,
  BiasedDepthwiseConv2dNative: DEPTHWISE,
  NormalizedDepthwiseConv2dNative: DEPTHWISE,
};

/** Products whose other operand may turn out to depend on the input too. */
export const PRODUCTS: Readonly<Record<string, string>> = {
  BatchMatMul: 'BatchMatMul',
  _FusedMatMul: 'BatchMatMul',
  BiasedMatMul: 'BatchMatMul',
  Einsum: 'Einsum',
};

const RECTIFIER = /^(Relu|Relu6|ClippedRelu)$/;

/** Which part of the weights: all, or the positive or negative ones with 0 for the others. */
export type Sign = 'all' | 'positive' | 'negative';

export interface LinearMap {
  readonly x: Tensor;
  readonly bias: Tensor | undefined;
  /** What relevance comes from: W x + b, which a fused rectifier leaves where any comes. */
  readonly y: Tensor;
  /** Whether x >= 0 everywhere. */
  readonly isNonNegative: boolean;
  /** Whether a rectifier follows, so that no relevance comes from where y < 0. */
  readonly isRectified: boolean;
  /** The id of x on the tape. */
  readonly inputId: number;
  /** Computes W x. */
  apply(x: Tensor, sign: Sign): Tensor;
  /** Computes W' s, of the shape of x. */
  transposed(s: Tensor, sign: Sign): Tensor;
  /** The same with 1 in place of every weight. */
  counted(): Pick<LinearMap, 'apply' | 'transposed'>;
}

/** Tells whether a call has the rules of a linear layer. */
export const isLinear = (call: RecordedCall): boolean =>
  call instanceof RuledCall && (call.kernel in CONVOLUTIONS || call.kernel in PRODUCTS);

/** The values that the rules of a linear kernel need. */
export const linearNeeds = ['x', 'filter', 'a', 'b', '0', '1', 'bias', 'mean', 'offset'].concat(
  STATISTICS,
);

/** Reads a call as a linear map of its input `name`. */
export function linearMapOf(call: KernelCall, name: string): LinearMap {
  const plain = CONVOLUTIONS[call.kernel];
  const kernel = plain?.kernel ?? PRODUCTS[call.kernel]!;
  const other = plain?.weights ?? call.names.find((input) => input !== name && input !== 'bias')!;
  const { weights, bias } = merged(call, other);
  const named = (x: Tensor, w: Tensor): Record<string, Tensor> =>
    Object.fromEntries(
      call.names
        .filter((input) => input === name || input === other)
        .map((input) => [input, input === name ? x : w]),
    );
  const attrs = plainAttrs(call.attrs);
  const run = (x: Tensor, w: Tensor): Tensor =>
    runOwnKernel(call.kernels, kernel, named(x, w), attrs) ??
    (engine().runKernel(kernel, named(x, w), attrs) as Tensor);
  const rule = rules[kernel]![name] as InputRule;
  const back = (s: Tensor, w: Tensor): Tensor =>
    rule.gradient(s, withWeights(call, kernel, attrs, name, other, w), name);
  const signed = (sign: Sign): Tensor =>
    sign === 'all' ? weights : call.cache.of([weights], sign, () => part(weights, sign));
  const ones = (): Tensor => call.cache.of([weights], 'ones', () => onesLike(weights));
  const { id } = call.operand(name);
  return {
    x: call.value(name),
    bias,
    y: asOutput(call, name, other, call.output()),
    isNonNegative: isNonNegative(call.tape, id),
    isRectified: isRectified(call),
    inputId: id,
    apply: (x, sign) => run(x, signed(sign)),
    transposed: (s, sign) => back(s, signed(sign)),
    counted: () => ({
      apply: (x) => run(x, ones()),
      transposed: (s) => back(s, ones()),
    }),
  };
}

/** Gives a tensor the shape of a matrix product's output, which may have been reshaped since. */
function asOutput(call: KernelCall, name: string, other: string, y: Tensor): Tensor {
  if (!(call.kernel in PRODUCTS) || PRODUCTS[call.kernel] === 'Einsum') return y;
  const [a, b] = [name, other].sort().map((operand) => call.operand(operand).shape);
  const { transposeA, transposeB } = call.attrs as { transposeA?: boolean; transposeB?: boolean };
  const rows = a!.at(transposeA === true ? -1 : -2)!;
  const columns = b!.at(transposeB === true ? -2 : -1)!;
  const batch = y.size / (rows * columns);
  const rank = Math.max(a!.length, b!.length);
  if (y.rank === rank) return y;
  return reshape(y, rank === 2 ? [rows, columns] : [batch, rows, columns]);
}

function isRectified({ attrs, outputs, tape }: KernelCall): boolean {
  if ((attrs as { activation?: string | null }).activation === 'relu') return true;
  const consumers = tape.consumersOf(outputs[0]!.id);
  return consumers.length > 0 && consumers.every(({ kernel }) => RECTIFIER.test(kernel));
}

/** Takes the positive or the negative numbers, with 0 for the others. */
export const part = (x: Tensor, sign: 'positive' | 'negative'): Tensor =>
  sign === 'positive' ? relu(x) : sub(x, relu(x));

/** The attributes of a linear kernel without what was fused to it. */
function plainAttrs(attrs: NamedAttrMap): NamedAttrMap {
  const rest = { ...attrs };
  delete rest['activation'];
  // tfjs-layers' depthwise convolution gives null.
  return 'strides' in rest ? { ...rest, dilations: rest['dilations'] ?? [1, 1] } : rest;
}

/** The call with other weights, and without batch normalization, bias and activation. */
function withWeights(
  call: KernelCall,
  kernel: string,
  attrs: NamedAttrMap,
  name: string,
  other: string,
  weights: Tensor,
): KernelCall {
  const names = call.names.filter((input) => input === name || input === other);
  return {
    ...call,
    kernel,
    attrs,
    names,
    has: (input) => names.includes(input),
    value: (input) => (input === other ? weights : call.value(input)),
  };
}

/** Merges a batch normalization behind a convolution with its weights and bias, once a run. */
function merged(
  call: KernelCall,
  other: string,
): { readonly weights: Tensor; readonly bias: Tensor | undefined } {
  const weights = call.value(other);
  const bias = call.has('bias') ? call.value('bias') : undefined;
  if (!call.has('variance')) return { weights, bias };
  const normalization = call as unknown as BatchNormCall;
  const names = ['mean', 'offset', 'bias', ...STATISTICS].filter((name) => call.has(name));
  const sources = names.map((name) => call.value(name));
  const key = `merged ${normalization.attrs.varianceEpsilon} ${names.join()}`;
  const { cache } = call;
  return {
    weights: cache.of([weights, ...sources], key, () => {
      const factor = normalizingFactor(normalization);
      const [, , c = 1, last = 1] = weights.shape;
      return mul(weights, reshape(factor, factor.size === last ? [last] : [c, last]));
    }),
    bias: cache.of(sources, `bias ${key}`, () => {
      const shift = sub(bias ?? 0, call.value('mean'));
      const offset = call.has('offset') ? call.value('offset') : 0;
      return add(mul(shift, normalizingFactor(normalization)), offset);
    }),
  };
}
