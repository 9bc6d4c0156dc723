/** Kernels of a forward pass that run by the library's own, where these are faster. */
import type {
  Conv2DAttrs,
  FusedBatchNormAttrs,
  NamedAttrMap,
  Tensor,
  Tensor4D,
} from '@tensorflow/tfjs-core';
import type { BatchNormalizationInputs, Kernels } from '../kernels/index.js';
import type { KernelInputs } from './engine.js';
import { convInfo } from './rules/convolution.js';

/** Runs a kernel; undefined where the backend's is to be used. */
export function runOwnKernel(
  kernels: Kernels | undefined,
  kernel: string,
  inputs: KernelInputs,
  attrs: NamedAttrMap,
): Tensor | undefined {
  if (kernels === undefined) return undefined;
  if (kernel === 'Conv2D' || kernel === 'FusedConv2D') return convolution(kernels, inputs, attrs);
  if (kernel !== 'FusedBatchNorm') return undefined;
  const { varianceEpsilon } = attrs as unknown as FusedBatchNormAttrs;
  return kernels.batchNormalization(inputs as unknown as BatchNormalizationInputs, varianceEpsilon);
}

function convolution(
  kernels: Kernels,
  inputs: KernelInputs,
  attrs: NamedAttrMap,
): Tensor | undefined {
  const { activation, ...conv } = attrs as unknown as Conv2DAttrs & { activation?: string | null };
  const { x, filter, bias } = inputs as { x: Tensor4D; filter: Tensor4D; bias?: Tensor | null };
  const isPerChannel = bias == null || bias.size === filter.shape[3];
  if (conv.dataFormat === 'NCHW' || !isPerChannel) return undefined;
  const options = { bias: bias ?? undefined, activation: activation ?? 'linear' };
  return kernels.convolution(x, filter, convInfo(x.shape, filter.shape, conv, false), options);
}
