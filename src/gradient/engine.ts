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
 * What every tf.customGrad runs, wherever and whenever it was made; registered kernels come with a
 * `kernelName` instead.
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

export function engine(): Engine {
  return tfEngine() as unknown as Engine;
}

/**
 * A second tensor with the data of `tensor`, owned by the caller and safe from tidy. A reshape to
 * the same shape shares its data on every backend; `tf.clone` would copy it on wasm, weights
 * included.
 */
export function share(tensor: Tensor): Tensor {
  return keep(shareInScope(tensor));
}

/** As `share`, but freed by the surrounding tidy. */
export function shareInScope(tensor: Tensor): Tensor {
  return engine().runKernel('Reshape', { x: tensor }, { shape: tensor.shape }) as Tensor;
}
