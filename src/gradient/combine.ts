/**
 * Pairs of kernels that are one on the way back. The first of a pair stays in the record, for what
 * else depends on it; the second is recorded as the pair, with the inputs of the first.
 */
import type { ClipByValueAttrs } from '@tensorflow/tfjs-core';
import { RuledCall } from './recordedCall.js';
import type { RecordedCall } from './recordedCall.js';
import type { Step } from './rule.js';

/** A rectifier and a clip above 0, which is how tfjs-layers runs a ReLU with a ceiling. */
export const CLIPPED_RELU = 'ClippedRelu';
/** A convolution without activation and a batch normalization of constant statistics. */
export const NORMALIZED_CONV = 'NormalizedConv2D';
export const NORMALIZED_DEPTHWISE_CONV = 'NormalizedDepthwiseConv2dNative';

/** `step` as the pair it makes with the call recorded before it, or as it is. */
export function combined(step: Step, before: RecordedCall | undefined): Step {
  if (!(before instanceof RuledCall) || step.operands.get('x')?.id !== before.outputs[0]!.id)
    return step;
  if (step.kernel === 'ClipByValue') return clippedRelu(step, before);
  if (step.kernel === 'FusedBatchNorm') return normalizedConv(step, before);
  return step;
}

function clippedRelu(step: Step, before: RuledCall): Step {
  const { clipValueMin, clipValueMax } = step.attrs as unknown as ClipByValueAttrs;
  if (before.kernel !== 'Relu' || clipValueMin !== 0 || clipValueMax <= 0) return step;
  return { ...step, kernel: CLIPPED_RELU, operands: before.inputs };
}

function normalizedConv(step: Step, before: RuledCall): Step {
  const { activation, dataFormat } = before.attrs as {
    activation?: string | null;
    dataFormat?: string;
  };
  const convolution = /^(?:Fused)?(?:Conv2D|(Depthwise)Conv2d(?:Native)?|(Depthwise)Conv2D)$/.exec(
    before.kernel,
  );
  const statistics = [...step.operands].filter(([name]) => name !== 'x');
  const isConstant =
    statistics.every(([, { dependent }]) => !dependent) && !before.isDependent('filter');
  if (
    convolution === null ||
    (activation ?? 'linear') !== 'linear' ||
    dataFormat === 'NCHW' ||
    !isConstant
  )
    return step;
  const depthwise = convolution[1] ?? convolution[2];
  return {
    kernel: depthwise === undefined ? NORMALIZED_CONV : NORMALIZED_DEPTHWISE_CONV,
    attrs: { ...before.attrs, ...step.attrs },
    operands: new Map([
      ['x', before.inputs.get('x')!],
      ['filter', before.inputs.get('filter')!],
      ...statistics,
    ]),
    inputs: { ...step.inputs, filter: before.savedInput('filter')! },
  };
}
