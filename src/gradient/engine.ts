/** The few parts of tfjs's engine that the recorder needs, typed as it uses them. */
import { engine as tfEngine, keep } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';

export type KernelInputs = NamedTensorMap;
export type RunKernel = (
  kernel: string,
  inputs: KernelInputs,
  attrs?: NamedAttrMap,
) => Tensor | Tensor[];
export type Save = (tensors: Tensor[]) => void;

/**
 * What the engine is given to run by every `tf.customGrad`; kernels come with a `kernelName`
 * instead.
 */
export interface CustomGradient {
  readonly forwardFunc: (backend: unknown, save: Save) => Tensor;
  readonly backwardsFunc: (dy: Tensor, saved: Tensor[]) => Record<string, () => Tensor>;
  readonly inputs: KernelInputs;
}
export type RunKernelFunc = (
  params: CustomGradient | { readonly kernelName: string },
) => Tensor | Tensor[];

export interface Engine {
  readonly backendName: string;
  readonly state: { readonly tensorInfo: { has(dataId: object): boolean } };
  runKernel: RunKernel;
  runKernelFunc: RunKernelFunc;
}

/** Returns tfjs's engine, typed as it is used here. */
export function engine(): Engine {
  return tfEngine() as unknown as Engine;
}

/**
 * Makes a second tensor with the same data, owned by the caller and safe from tidy.
 *
 * A reshape to the same shape shares the data on every backend; `tf.clone` copies it on wasm.
 */
export function share(tensor: Tensor): Tensor {
  return keep(shareInScope(tensor));
}

/** Makes a second tensor like `share`, but one that the surrounding tidy frees. */
export function shareInScope(tensor: Tensor): Tensor {
  return engine().runKernel('Reshape', { x: tensor }, { shape: tensor.shape }) as Tensor;
}
