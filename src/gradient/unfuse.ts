/**
 * A fused op whose activation cannot be told from its own output runs as two kernels: the slope of a PReLU may be
 * negative, so that the sign of its output does not show the sign of its input.
 */
import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import type { KernelInputs, RunKernel } from './engine.js';

interface FusedAttrs {
  activation?: string | null;
  leakyreluAlpha?: number;
}

export function needsUnfusing(inputs: KernelInputs, attrs: NamedAttrMap): boolean {
  const { activation, leakyreluAlpha = 0.2 } = attrs as FusedAttrs;
  return (
    (activation === 'prelu' && inputs['preluActivationWeights'] != null) ||
    (activation === 'leakyrelu' && leakyreluAlpha < 0)
  );
}

export function unfuse(kernel: string, inputs: KernelInputs, attrs: NamedAttrMap, runKernel: RunKernel): Tensor {
  const { activation, leakyreluAlpha = 0.2 } = attrs as FusedAttrs;
  const { preluActivationWeights, ...rest } = inputs;
  const x = runKernel(kernel, rest, { ...attrs, activation: 'linear' }) as Tensor;
  return (
    activation === 'prelu'
      ? runKernel('Prelu', { x, alpha: preluActivationWeights! })
      : runKernel('LeakyRelu', { x }, { alpha: leakyreluAlpha })
  ) as Tensor;
}
