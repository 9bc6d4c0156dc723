/**
 * The activation inside a fused kernel (convolution or matrix product + bias + activation), as a
 * separate kernel.
 */
import { reshape } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';
import type { KernelInputs, RunKernel } from './engine.js';

interface FusedAttrs {
  activation?: string | null;
  leakyreluAlpha?: number;
}

const ACTIVATION_KERNELS: Readonly<Record<string, string>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  leakyrelu: 'LeakyRelu',
  prelu: 'Prelu',
  sigmoid: 'Sigmoid',
};

export interface FusedActivation {
  readonly kernel: string;
  readonly attrs: NamedAttrMap;
}

/** Reads the activation from a kernel's attributes; undefined if it has none. */
export function activationOf(attrs: object): FusedActivation | undefined {
  const { activation, leakyreluAlpha = 0.2 } = attrs as FusedAttrs;
  if (activation == null || activation === 'linear') return undefined;
  const kernel = ACTIVATION_KERNELS[activation];
  if (kernel === undefined) throw new Error(`unknown fused activation '${activation}'`);
  return { kernel, attrs: kernel === 'LeakyRelu' ? { alpha: leakyreluAlpha } : {} };
}

/** Runs a fused kernel as two, so that the value between them can be saved. */
export function unfuse(
  kernel: string,
  inputs: KernelInputs,
  attrs: NamedAttrMap,
  activation: FusedActivation,
  runKernel: RunKernel,
): Tensor {
  const { preluActivationWeights: slopes, ...rest } = inputs;
  const x = runKernel(kernel, rest, { ...attrs, activation: 'linear' }) as Tensor;
  const operands = activation.kernel === 'Prelu' ? { x, alpha: aligned(slopes!, attrs) } : { x };
  return runKernel(activation.kernel, operands, activation.attrs) as Tensor;
}

/** Reshapes slopes per channel so that they broadcast, where channels come first. */
function aligned(slopes: Tensor, attrs: NamedAttrMap): Tensor {
  const channelsFirst = (attrs as { dataFormat?: string }).dataFormat === 'NCHW';
  return channelsFirst && slopes.rank === 1 ? reshape(slopes, [slopes.size, 1, 1]) : slopes;
}
