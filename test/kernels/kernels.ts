/** The kernels on the wasm backend, and what their tests share. */
import * as tf from '@tensorflow/tfjs-core';
import '../backends.js';
import type { Algorithm } from '../../src/kernels/algorithm.js';
import { convolutionKernels } from '../../src/kernels/convolution.js';
import type { ConvolutionKernels } from '../../src/kernels/convolution.js';
import type { ConvolutionInfo } from '../../src/kernels/index.js';
import { currentWasmBackend } from '../../src/kernels/wasmBackend.js';
import { makeWorkplace } from '../../src/kernels/workplace.js';
import type { Workplace } from '../../src/kernels/workplace.js';

export async function workplaceOnWasm(): Promise<Workplace> {
  expect(await tf.setBackend('wasm')).toBe(true);
  return makeWorkplace(currentWasmBackend()!, 'own')!;
}

/** Convolutions by one algorithm, whether it is the fastest or not. */
export async function convolutionsBy(algorithm: Algorithm): Promise<ConvolutionKernels> {
  return convolutionKernels(await workplaceOnWasm(), () => algorithm);
}

export type Padding = 'same' | 'valid' | [[0, 0], [number, number], [number, number], [0, 0]];

export interface Options {
  readonly stride?: number | [number, number];
  readonly dilation?: number | [number, number];
}

/** tfjs's description of a convolution of `x` [n, h, w, c] with `filter` [kh, kw, c, d]. */
export function infoOf(
  x: readonly number[],
  filter: readonly number[],
  pad: Padding,
  { stride = 1, dilation = 1 }: Options = {},
): ConvolutionInfo {
  type Shape = [number, number, number, number];
  return tf.backend_util.computeConv2DInfo(
    x as Shape,
    filter as Shape,
    stride,
    dilation,
    pad,
    'floor',
    false,
    'channelsLast',
  );
}

export const normal = (shape: readonly number[], seed: number): tf.Tensor4D =>
  tf.randomNormal(shape as [number, number, number, number], 0, 1, 'float32', seed);

/** The numbers of a tensor, which is disposed. */
export function taken(tensor: tf.Tensor | undefined): Float32Array {
  expect(tensor).toBeDefined();
  const numbers = tensor!.dataSync() as Float32Array;
  tensor!.dispose();
  return numbers;
}
