/** Gradients with respect to the inputs of pools, rectifiers and dense layers. */
import type { backend_util, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import { addressOf, makeTensor } from './wasmBackend.js';
import type { Workplace } from './workplace.js';

type PoolInfo = backend_util.Conv2DInfo;

/** Letters: n images, h x w pixels, c channels; dense weights [m, k]. */
export interface GradientKernels {
  /** Goes back through a max pool: a tie goes to the window's first pixel, in reading order. */
  maxPoolInputGradient(
    dy: Tensor4D,
    x: Tensor4D,
    y: Tensor4D,
    info: PoolInfo,
  ): Tensor4D | undefined;
  /** Goes back through a mean over all pixels of [n, h, w, c]; dy has n c numbers. */
  globalAverageInputGradient(dy: Tensor, inShape: Tensor4D['shape']): Tensor4D | undefined;
  /** Computes dy where y > 0, else 0. */
  reluInputGradient<T extends Tensor>(dy: T, y: Tensor): T | undefined;
  /** Computes dy where 0 < y < ceiling, else 0. */
  clippedReluInputGradient<T extends Tensor>(dy: T, y: Tensor, ceiling: number): T | undefined;
  /** Multiplies dy [..., k] by the weights [m, k] transposed: [..., m]. */
  denseInputGradient<T extends Tensor>(dy: T, weights: Tensor): T | undefined;
}

export function gradientKernels({ backend, code }: Workplace): GradientKernels {
  const at = (tensor: Tensor): number => addressOf(backend, tensor);

  return {
    maxPoolInputGradient(dy, x, y, info) {
      if (!areFloats(dy, x, y) || info.dilationHeight * info.dilationWidth > 1) return undefined;
      const [n, h, w, c] = x.shape;
      if (c % 4 !== 0) return undefined;
      const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
      const windows = [info.outHeight, info.outWidth, filterHeight, filterWidth];
      const steps = [strideHeight, strideWidth, padInfo.top, padInfo.left];
      const inputs = [at(dy), at(x), at(y)];
      return makeTensor<Tensor4D>(backend, x.shape, (dx) => {
        code.maxPoolInputGradient(...inputs, dx, n, h, w, c, ...windows, ...steps);
      });
    },

    globalAverageInputGradient(dy, inShape) {
      if (!areFloats(dy)) return undefined;
      const [n, h, w, c] = inShape;
      const from = at(dy);
      return makeTensor<Tensor4D>(backend, inShape, (dx) => {
        code.globalAverageInputGradient(from, dx, n, h * w, c);
      });
    },

    reluInputGradient<T extends Tensor>(dy: T, y: Tensor) {
      if (!suitRectifier(dy, y)) return undefined;
      const inputs = [at(dy), at(y)];
      return makeTensor<T>(backend, dy.shape, (dx) => {
        code.reluInputGradient(...inputs, dx, dy.size);
      });
    },

    clippedReluInputGradient<T extends Tensor>(dy: T, y: Tensor, ceiling: number) {
      if (!suitRectifier(dy, y)) return undefined;
      const inputs = [at(dy), at(y)];
      return makeTensor<T>(backend, dy.shape, (dx) => {
        code.clippedReluInputGradient(...inputs, dx, dy.size, ceiling);
      });
    },

    denseInputGradient<T extends Tensor>(dy: T, weights: Tensor) {
      const [m, k] = weights.shape.slice(-2) as [number, number];
      const n = dy.size / k;
      if (!areFloats(dy, weights) || weights.size !== m * k) return undefined;
      if (m < 4 || k % 4 !== 0 || n > MOST_ROWS) return undefined;
      const inputs = [at(dy), at(weights)];
      return makeTensor<T>(backend, [...dy.shape.slice(0, -1), m], (dx) => {
        code.denseInputGradient(...inputs, dx, n, m, k);
      });
    },
  };
}

/** With more rows the weights, read once, are no longer what takes the time. */
const MOST_ROWS = 4;

const areFloats = (...tensors: Tensor[]): boolean =>
  tensors.every(({ dtype }) => dtype === 'float32');

const suitRectifier = (dy: Tensor, y: Tensor): boolean =>
  areFloats(dy, y) && dy.size >= 4 && util.arraysEqual(dy.shape, y.shape);
