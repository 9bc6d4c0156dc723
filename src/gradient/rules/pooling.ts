/**
 * Average pools in two dimensions, and the rules of all two-dimensional pools.
 *
 * Letters: n images, h x w pixels, c channels; windows kh x kw, outputs oh x ow.
 */
import { add, avgPool, backend_util, mul, slice, tensor4d } from '@tensorflow/tfjs-core';
import type {
  AvgPoolAttrs,
  Dilation2DAttrs,
  MaxPoolAttrs,
  Tensor,
  Tensor3D,
  Tensor4D,
} from '@tensorflow/tfjs-core';
import { maximumGradient, maxPoolGradient } from './maxPooling.js';
import { dilate, padOrCropImage } from './window.js';
import type { PoolInfo } from './window.js';
import { rule } from '../rule.js';
import type { KernelRules, RuleTable } from '../rule.js';
import type { RunCache } from '../runCache.js';

type Shape4D = [number, number, number, number];

/** Describes a pool's window. */
export function poolInfo(
  inputShape: number[],
  { filterSize, strides, pad: padding, dimRoundingMode }: MaxPoolAttrs,
): PoolInfo {
  return backend_util.computePool2DInfo(
    inputShape as Shape4D,
    filterSize,
    strides,
    1,
    padding,
    dimRoundingMode,
  );
}

/** Counts the pixels of the image, without padding, that each window covers along one axis. */
function coverage(
  outputs: number,
  stride: number,
  size: number,
  before: number,
  length: number,
): number[] {
  return Array.from({ length: outputs }, (_, i) => {
    const start = i * stride - before;
    return Math.min(start + size, length) - Math.max(start, 0);
  });
}

/**
 * Computes kh kw / (pixels of the window) for each window, [1, oh, ow, 1].
 *
 * Windows at the border of 'same' have fewer pixels, which tfjs's gradient forgets. The factor kh
 * kw undoes the division of the average pool that adds the shares up.
 */
function shareOfWindow(info: PoolInfo): Tensor4D {
  const {
    outHeight,
    outWidth,
    strideHeight,
    strideWidth,
    filterHeight,
    filterWidth,
    inHeight,
    inWidth,
    padInfo,
  } = info;
  const rows = coverage(outHeight, strideHeight, filterHeight, padInfo.top, inHeight);
  const columns = coverage(outWidth, strideWidth, filterWidth, padInfo.left, inWidth);
  const weights = rows.flatMap((row) =>
    columns.map((column) => (filterHeight * filterWidth) / (row * column)),
  );
  return tensor4d(weights, [1, outHeight, outWidth, 1]);
}

/**
 * Computes the gradient of an average pool.
 *
 * Each pixel gets its share of every window over it: a window sum of the zero-dilated shares.
 */
export function averageGradient(dy: Tensor4D, info: PoolInfo, cache: RunCache): Tensor4D {
  const { filterHeight: kh, filterWidth: kw, inHeight, inWidth, padInfo } = info;
  const weights = cache.of([], `average pool ${JSON.stringify(info)}`, () => shareOfWindow(info));
  const spaced = dilate(mul(dy, weights), info);
  const top = kh - 1 - padInfo.top;
  const left = kw - 1 - padInfo.left;
  const bottom = inHeight + padInfo.top - spaced.shape[1];
  const right = inWidth + padInfo.left - spaced.shape[2];
  return avgPool(padOrCropImage(spaced, top, bottom, left, right), [kh, kw], 1, 'valid');
}

/** Tells whether one window covers the whole image. */
const isGlobal = ({ inHeight, inWidth, filterHeight, filterWidth, outShape, padInfo }: PoolInfo) =>
  filterHeight === inHeight &&
  filterWidth === inWidth &&
  outShape[1] * outShape[2] === 1 &&
  padInfo.top + padInfo.left === 0;

const maxPool: KernelRules = rule<MaxPoolAttrs>(
  'x',
  (dy, call) => {
    const x = call.value('x') as Tensor4D;
    const y = call.output() as Tensor4D;
    const info = poolInfo(x.shape, call.attrs);
    const own = call.kernels?.maxPoolInputGradient(dy as Tensor4D, x, y, info);
    return own ?? maxPoolGradient(dy as Tensor4D, x, y, info, call.attrs);
  },
  { needs: ['x'], needsOutput: 0 },
);

export const poolingRules: RuleTable = {
  AvgPool: rule<AvgPoolAttrs>('x', (dy, call) => {
    const shape = call.operand('x').shape as Shape4D;
    const info = poolInfo(shape, call.attrs);
    const own = isGlobal(info) ? call.kernels?.globalAverageInputGradient(dy, shape) : undefined;
    return own ?? averageGradient(dy as Tensor4D, info, call.cache);
  }),
  MaxPool: maxPool,
  MaxPoolWithArgmax: maxPool,
  // Morphological dilation: the maximum over a window of x plus a structuring element.
  Dilation2D: rule<Dilation2DAttrs>(
    'x',
    (dy, call) => {
      const x = call.value('x') as Tensor4D;
      const filter = call.value('filter') as Tensor3D;
      const { strides, pad: padding, dilations } = call.attrs;
      const info = backend_util.computeDilation2DInfo(
        x.shape,
        filter.shape,
        strides,
        padding,
        'NHWC',
        dilations,
      );
      const element = (i: number, j: number): Tensor =>
        slice(filter, [i, j, 0], [1, 1, filter.shape[2]]);
      return maximumGradient(dy as Tensor4D, x, call.output() as Tensor4D, info, (value, i, j) =>
        add(value, element(i, j)),
      );
    },
    { needs: ['x', 'filter'], needsOutput: 0 },
  ),
};
