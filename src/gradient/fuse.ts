/**
 * Pairs of kernels that are differentiated as one.
 *
 * The first of a pair stays on the tape, for whatever else depends on it. The second is recorded as
 * the pair, with the inputs of the first.
 */
import { util } from '@tensorflow/tfjs-core';
import type { ClipByValueAttrs, Tensor } from '@tensorflow/tfjs-core';
import type { RecordedCall } from './recordedCall.js';
import { RuledCall } from './ruledCall.js';
import type { RuleTable, Step } from './rule.js';

/** A rectifier and a clip: tfjs-layers' ReLU with a ceiling. */
export const CLIPPED_RELU = 'ClippedRelu';
/** A convolution without activation, and a batch normalization with constant statistics. */
export const NORMALIZED_CONV = 'NormalizedConv2D';
export const NORMALIZED_DEPTHWISE_CONV = 'NormalizedDepthwiseConv2dNative';
/** A linear kernel and a bias of its own kernel, as one, for rules that need the sum of the two. */
const BIASED: Readonly<Record<string, string>> = {
  Conv2D: 'BiasedConv2D',
  FusedConv2D: 'BiasedConv2D',
  DepthwiseConv2dNative: 'BiasedDepthwiseConv2dNative',
  FusedDepthwiseConv2D: 'BiasedDepthwiseConv2dNative',
  BatchMatMul: 'BiasedMatMul',
  _FusedMatMul: 'BiasedMatMul',
};

/** The kernels in each pair; keys are literals, because bundlers keep computed ones. */
const FUSED_PAIRS: Readonly<Record<string, RegExp>> = {
  ClippedRelu: /^(Relu|ClipByValue)$/,
  NormalizedConv2D: /^(Conv2D|FusedConv2D|FusedBatchNorm)$/,
  NormalizedDepthwiseConv2dNative: /^(DepthwiseConv2dNative|FusedDepthwiseConv2D|FusedBatchNorm)$/,
  BiasedConv2D: /^(Conv2D|FusedConv2D|Add)$/,
  BiasedDepthwiseConv2dNative: /^(DepthwiseConv2dNative|FusedDepthwiseConv2D|Add)$/,
  BiasedMatMul: /^(BatchMatMul|_FusedMatMul|Add)$/,
};

interface FusedAttrs {
  readonly activation?: string | null;
  readonly dataFormat?: string;
}

/**
 * Removes pairs of kernels from a table, so that each kernel is differentiated by itself.
 * @param isSeparate tells by the kernels of a pair whether it is removed. Default: all are
 */
/* @__NO_SIDE_EFFECTS__ */
export function withoutPairs(
  rules: RuleTable,
  isSeparate: (kernels: RegExp) => boolean = () => true,
): RuleTable {
  const isKept = (name: string): boolean => {
    const kernels = FUSED_PAIRS[name];
    return kernels === undefined || !isSeparate(kernels);
  };
  return Object.fromEntries(Object.entries(rules).filter(([name]) => isKept(name)));
}

/** Joins a step to a pair with the call that made its input, or returns it unchanged. */
export function fuse(step: Step, calls: readonly RecordedCall[], rules: RuleTable): Step {
  const pair = pairOf(step, (id) => makerOf(id, calls));
  return pair !== undefined && rules[pair.kernel] !== undefined ? pair : step;
}

function makerOf(id: number, calls: readonly RecordedCall[]): RecordedCall | undefined {
  for (let i = calls.length - 1; i >= 0; i--) {
    if (calls[i]!.outputs[0]!.id === id) return calls[i];
  }
  return undefined;
}

type MakerOf = (id: number) => RecordedCall | undefined;

function pairOf(step: Step, makerOf: MakerOf): Step | undefined {
  if (step.kernel === 'Add') return biased(step, makerOf);
  if (step.kernel !== 'ClipByValue' && step.kernel !== 'FusedBatchNorm') return undefined;
  const before = makerOf(step.operands.get('x')!.id);
  if (!(before instanceof RuledCall)) return undefined;
  return step.kernel === 'ClipByValue' ? clippedRelu(step, before) : normalizedConv(step, before);
}

function biased(step: Step, makerOf: MakerOf): Step | undefined {
  const [y, ...more] = [...step.operands.values()].filter(({ dependsOnInput }) => dependsOnInput);
  const [name, bias] = [...step.operands].find(([, { dependsOnInput }]) => !dependsOnInput) ?? [];
  if (y === undefined || bias === undefined || more.length > 0) return undefined;
  const channels = y.shape.at(-1);
  const isPerChannel =
    bias.shape.length <= y.shape.length &&
    bias.shape.at(-1) === channels &&
    util.sizeFromShape(bias.shape) === channels;
  const before = reshaped(makerOf(y.id), channels, makerOf);
  if (!(before instanceof RuledCall) || !isPerChannel || !isPlainLinear(before)) return undefined;
  return {
    kernel: BIASED[before.kernel]!,
    attrs: before.attrs,
    operands: new Map([...before.inputs, ['bias', bias]]),
    inputs: { ...savedInputs(before), bias: step.inputs[name!]! },
  };
}

/** Looks through the reshape behind tfjs's matrix product, which has three axes. */
function reshaped(
  call: RecordedCall | undefined,
  channels: number | undefined,
  makerOf: MakerOf,
): RecordedCall | undefined {
  if (call?.kernel !== 'Reshape') return call;
  const before = makerOf(call.inputs.get('x')!.id);
  const isProduct = before?.kernel === 'BatchMatMul' || before?.kernel === '_FusedMatMul';
  return isProduct && before.outputs[0]!.shape.at(-1) === channels ? before : call;
}

/** Tells whether a kernel is linear in x, channels last, without bias and activation yet. */
function isPlainLinear({ kernel, attrs, inputs }: RuledCall): boolean {
  if (!Object.hasOwn(BIASED, kernel)) return false;
  const { activation, dataFormat } = attrs as FusedAttrs;
  const varying = [...inputs.values()].filter(({ dependsOnInput }) => dependsOnInput);
  if (varying.length !== 1) return false;
  return !inputs.has('bias') && (activation ?? 'linear') === 'linear' && dataFormat !== 'NCHW';
}

const savedInputs = (call: RuledCall): Record<string, Tensor> =>
  Object.fromEntries(
    [...call.inputs.keys()].flatMap((name) => {
      const value = call.savedInput(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );

function clippedRelu(step: Step, before: RuledCall): Step | undefined {
  const { clipValueMin, clipValueMax } = step.attrs as unknown as ClipByValueAttrs;
  if (before.kernel !== 'Relu' || clipValueMin !== 0 || clipValueMax <= 0) return undefined;
  return { ...step, kernel: CLIPPED_RELU, operands: before.inputs };
}

const CONVOLUTION = /^(?:Fused|Biased)?(?:Conv2D|(Depthwise)Conv2d(?:Native)?|(Depthwise)Conv2D)$/;

function normalizedConv(step: Step, before: RuledCall): Step | undefined {
  const { activation, dataFormat } = before.attrs as FusedAttrs;
  const convolution = CONVOLUTION.exec(before.kernel);
  const statistics = [...step.operands].filter(([name]) => name !== 'x');
  const isConstant =
    statistics.every(([, { dependsOnInput }]) => !dependsOnInput) &&
    !before.dependsOnInput('filter') &&
    !before.dependsOnInput('bias');
  const isLinear = (activation ?? 'linear') === 'linear';
  if (convolution === null || !isLinear || dataFormat === 'NCHW' || !isConstant) return undefined;
  const isDepthwise = (convolution[1] ?? convolution[2]) !== undefined;
  return {
    kernel: isDepthwise ? NORMALIZED_DEPTHWISE_CONV : NORMALIZED_CONV,
    attrs: { ...before.attrs, ...step.attrs },
    operands: new Map([...before.inputs, ...statistics]),
    inputs: { ...step.inputs, ...savedInputs(before) },
  };
}
