/** `tf.grad` of one model, with no more help than it needs to run at all. */
import {
  depthwiseConv2d,
  grad,
  registerKernel,
  slice,
  tidy,
  unregisterKernel,
  getKernel,
  zeros,
} from '@tensorflow/tfjs-core';
import type {
  DepthwiseConv2dNativeBackpropInputAttrs,
  KernelFunc,
  Tensor,
  Tensor4D,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { ours } from '../../test/conformance/ours.js';
import { CLASS } from './job.js';
import type { Job, PlainResult } from './job.js';
import { median } from '../statistics.js';
import { count, finish, residentBytes, times } from './measure.js';

/** The kernels that wasm lacks; each at least as fast as any that could be there. */
const PATCHES: Readonly<Record<string, KernelFunc>> = {
  // tfjs computes the gradient by the filter of a fused convolution whether it is wanted or not.
  Conv2DBackpropFilter: ({ attrs }) =>
    zeros((attrs as unknown as { filterShape: number[] }).filterShape),
  DepthwiseConv2dNativeBackpropInput({ inputs, attrs }) {
    const { strides, dilations, pad, dimRoundingMode, inputShape } =
      attrs as unknown as DepthwiseConv2dNativeBackpropInputAttrs;
    const { dy, filter } = inputs as Record<string, Tensor4D>;
    const convolve = (x: Tensor): Tensor =>
      depthwiseConv2d(
        x as Tensor4D,
        filter!,
        strides,
        pad as number,
        'NHWC',
        dilations,
        dimRoundingMode,
      );
    return tidy(() => ours(convolve, zeros(inputShape), dy));
  },
};

/** @param withMemory whether to read the process's memory */
export async function measurePlain(
  model: LayersModel,
  x: Tensor,
  { backend, runs }: Pick<Job, 'backend' | 'runs'>,
  withMemory: boolean,
): Promise<PlainResult> {
  const patched = new Set<string>();
  const missing = Object.keys(PATCHES).filter(
    (kernelName) => getKernel(kernelName, backend) == null,
  );
  for (const kernelName of missing) {
    const kernelFunc: KernelFunc = (params) => {
      patched.add(kernelName);
      return PATCHES[kernelName]!(params);
    };
    registerKernel({ kernelName, backendName: backend, kernelFunc });
  }
  const scored = grad((batch) =>
    slice(model.predict(batch as Tensor) as Tensor, [0, CLASS], [1, 1]),
  );
  try {
    await finish(model.predict(x) as Tensor);
    const { peakTensors } = count(() => scored(x).dispose());
    const gradient = median(await times(() => finish(scored(x)), runs));
    return {
      gradient,
      patched: [...patched],
      peakTensors,
      resident: withMemory ? residentBytes() : 0,
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { error: message, patched: [...patched], peakTensors: 0, resident: 0 };
  } finally {
    missing.forEach((kernelName) => unregisterKernel(kernelName, backend));
  }
}
