/** Batch normalization, which tfjs's kernel computes number by number. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { addressOf, makeTensor, withScratch } from './wasmBackend.js';
import type { Workplace } from './workplace.js';

/** Letters: n images, h x w pixels, c channels; all but x have c numbers. */
export interface BatchNormalizationInputs {
  /** [n, h, w, c] */
  readonly x: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly offset?: Tensor | null;
  readonly scale?: Tensor | null;
}

export interface NormalizationKernels {
  /** Computes (x - mean) scale / sqrt(variance + epsilon) + offset. */
  batchNormalization(inputs: BatchNormalizationInputs, epsilon: number): Tensor | undefined;
}

export function normalizationKernels({ backend, code }: Workplace): NormalizationKernels {
  const at = (tensor: Tensor | null | undefined): number =>
    tensor == null ? 0 : addressOf(backend, tensor);

  return {
    batchNormalization({ x, mean, variance, offset, scale }, epsilon) {
      const c = x.shape.at(-1)!;
      const parts = [mean, variance, offset, scale].filter((part) => part != null);
      const isPerChannel = parts.every(({ size }) => size === c);
      const areFloats = [x, ...parts].every(({ dtype }) => dtype === 'float32');
      if (!isPerChannel || !areFloats || c % 4 !== 0) return undefined;
      const inputs = [at(x), at(mean), at(variance), at(offset), at(scale), epsilon];
      return makeTensor(backend, x.shape, (y) => {
        withScratch(backend, { channels: 2 * c * 4 }, ({ channels }) => {
          code.batchNormalization(...inputs, y, x.size / c, c, channels);
        });
      });
    },
  };
}
