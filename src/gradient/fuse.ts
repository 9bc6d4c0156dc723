/**
 * Pairs of kernels that are differentiated as one.
 *
 * The first of a pair stays on the tape, for whatever else depends on it. The second is recorded as
 * the pair, with the inputs of the first.
 */
import type { ClipByValueAttrs } from '@tensorflow/tfjs-core';
import type { RecordedCall } from './recordedCall.js';
import { RuledCall } from './ruledCall.js';
import type { RuleTable, Step } from './rule.js';

/** A rectifier and a clip: tfjs-layers' ReLU with a ceiling. */
export const CLIPPED_RELU = 'ClippedRelu';
/** A convolution without activation, and a batch normalization with constant statistics. */
export const NORMALIZED_CONV = 'NormalizedConv2D';
export const NORMALIZED_DEPTHWISE_CONV = 'NormalizedDepthwiseConv2dNative';

/** The kernels in each pair; keys are literals, because bundlers keep computed ones. */
const FUSED_PAIRS: Readonly<Record<string, RegExp>> = {
  ClippedRelu: /^(Relu|ClipByValue)$/,
  NormalizedConv2D: /^(Conv2D|FusedConv2D|FusedBatchNorm)$/,
  NormalizedDepthwiseConv2dNative: /^(DepthwiseConv2dNative|FusedDepthwiseConv2D|FusedBatchNorm)$/,
};

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

/** Joins a step to a pair with the call before it, or returns it unchanged. */
export function fuse(step: Step, before: RecordedCall | undefined, rules: RuleTable): Step {
  const isNext =
    before instanceof RuledCall && step.operands.get('x')?.id === before.outputs[0]!.id;
  if (!isNext) return step;
  const pair = pairOf(step, before);
  return pair !== undefined && rules[pair.kernel] !== undefined ? pair : step;
}

function pairOf(step: Step, before: RuledCall): Step | undefined {
  if (step.kernel === 'ClipByValue') return clippedRelu(step, before);
  if (step.kernel === 'FusedBatchNorm') return normalizedConv(step, before);
  return undefined;
}

function clippedRelu(step: Step, before: RuledCall): Step | undefined {
  const { clipValueMin, clipValueMax } = step.attrs as unknown as ClipByValueAttrs;
  if (before.kernel !== 'Relu' || clipValueMin !== 0 || clipValueMax <= 0) return undefined;
  return { ...step, kernel: CLIPPED_RELU, operands: before.inputs };
}

const CONVOLUTION = /^(?:Fused)?(?:Conv2D|(Depthwise)Conv2d(?:Native)?|(Depthwise)Conv2D)$/;

function normalizedConv(step: Step, before: RuledCall): Step | undefined {
  const { activation, dataFormat } = before.attrs as {
    activation?: string | null;
    dataFormat?: string;
  };
  const convolution = CONVOLUTION.exec(before.kernel);
  const statistics = [...step.operands].filter(([name]) => name !== 'x');
  const isConstant =
    statistics.every(([, { dependsOnInput }]) => !dependsOnInput) &&
    !before.dependsOnInput('filter');
  const isLinear = (activation ?? 'linear') === 'linear';
  if (convolution === null || !isLinear || dataFormat === 'NCHW' || !isConstant) return undefined;
  const isDepthwise = (convolution[1] ?? convolution[2]) !== undefined;
  return {
    kernel: isDepthwise ? NORMALIZED_DEPTHWISE_CONV : NORMALIZED_CONV,
    attrs: { ...before.attrs, ...step.attrs },
    operands: new Map([
      ['x', before.inputs.get('x')!],
      ['filter', before.inputs.get('filter')!],
      ...statistics,
    ]),
    inputs: { ...step.inputs, filter: before.savedInput('filter')! },
  };
}
