/**
 * Fused ops that run as two kernels while they are recorded, because what is between them is
 * needed: the slope of a PReLU may be negative, so that the sign of its output does not show the
 * sign of its input, and before a final sigmoid there is the logit.
 */
import { reshape } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import type { KernelInputs, RunKernel } from './engine.js';

interface FusedAttrs {
  activation?: string | null;
  leakyreluAlpha?: number;
}

export function needsUnfusing(inputs: KernelInputs, attrs: NamedAttrMap): boolean {
  const { activation, leakyreluAlpha = 0.2 } = attrs as FusedAttrs;
  return (
    activation === 'sigmoid' ||
    (activation === 'prelu' && inputs['preluActivationWeights'] != null) ||
    (activation === 'leakyrelu' && leakyreluAlpha < 0)
  );
}

export function unfuse(
  kernel: string,
  inputs: KernelInputs,
  attrs: NamedAttrMap,
  runKernel: RunKernel,
): Tensor {
  const { activation, leakyreluAlpha = 0.2 } = attrs as FusedAttrs;
  const { preluActivationWeights, ...rest } = inputs;
  const x = runKernel(kernel, rest, { ...attrs, activation: 'linear' }) as Tensor;
  if (activation === 'sigmoid') return runKernel('Sigmoid', { x }) as Tensor;
  if (activation === 'prelu')
    return runKernel('Prelu', { x, alpha: slopeOf(preluActivationWeights!, attrs) }) as Tensor;
  return runKernel('LeakyRelu', { x }, { alpha: leakyreluAlpha }) as Tensor;
}

/** With channels first, a slope per channel has to lie along the channels' axis. */
function slopeOf(alpha: Tensor, attrs: NamedAttrMap): Tensor {
  const channelsFirst = (attrs as { dataFormat?: string }).dataFormat === 'NCHW';
  return channelsFirst && alpha.rank === 1 ? reshape(alpha, [alpha.size, 1, 1]) : alpha;
}
