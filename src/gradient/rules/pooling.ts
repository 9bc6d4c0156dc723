/**
 * Pools in two dimensions. Letters: n images, h x w pixels, c channels; windows kh x kw, outputs oh x ow.
 */
import {
  add,
  avgPool,
  backend_util,
  engine,
  mul,
  pad,
  slice,
  sub,
  tensor4d,
  step,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type {
  AvgPoolAttrs,
  Dilation2DAttrs,
  MaxPoolAttrs,
  NamedAttrMap,
  Tensor,
  Tensor3D,
  Tensor4D,
} from '@tensorflow/tfjs-core';
import { dilate, fit, mergePhases, phase } from './window.js';
import { rule } from '../rule.js';
import type { KernelRules, RuleTable } from '../rule.js';
import type { RunCache } from '../runCache.js';

type Shape4D = [number, number, number, number];
export type PoolInfo = backend_util.Conv2DInfo;

export function poolInfo(
  inputShape: number[],
  { filterSize, strides, pad: padding, dimRoundingMode }: MaxPoolAttrs,
): PoolInfo {
  return backend_util.computePool2DInfo(inputShape as Shape4D, filterSize, strides, 1, padding, dimRoundingMode);
}

/** How many pixels of the image, not of the padding, each window covers along one axis. */
function coverage(outputs: number, stride: number, size: number, before: number, length: number): number[] {
  return Array.from({ length: outputs }, (_, i) => {
    const start = i * stride - before;
    return Math.min(start + size, length) - Math.max(start, 0);
  });
}

/**
 * kh kw / pixels of each window: windows at the border of 'same' have fewer, which tfjs's own gradient forgets. The
 * factor kh kw undoes the division of the average pool that adds the shares up.
 */
function shareOfWindow(info: PoolInfo): Tensor4D {
  const { outHeight, outWidth, strideHeight, strideWidth, filterHeight, filterWidth, inHeight, inWidth, padInfo } =
    info;
  const rows = coverage(outHeight, strideHeight, filterHeight, padInfo.top, inHeight);
  const columns = coverage(outWidth, strideWidth, filterWidth, padInfo.left, inWidth);
  const weights = rows.flatMap((row) => columns.map((column) => (filterHeight * filterWidth) / (row * column)));
  return tensor4d(weights, [1, outHeight, outWidth, 1]);
}

/** Each pixel gets its share from every window over it: a sum over windows of the zero-dilated shares. */
export function averageGradient(dy: Tensor4D, info: PoolInfo, cache: RunCache): Tensor4D {
  const { filterHeight: kh, filterWidth: kw, inHeight, inWidth, padInfo } = info;
  const weights = cache.of([], `average pool ${JSON.stringify(info)}`, () => shareOfWindow(info));
  const spaced = dilate(mul(dy, weights), info);
  const top = kh - 1 - padInfo.top;
  const left = kw - 1 - padInfo.left;
  const bottom = inHeight + padInfo.top - spaced.shape[1];
  const right = inWidth + padInfo.left - spaced.shape[2];
  return avgPool(fit(spaced, top, bottom, left, right), [kh, kw], 1, 'valid');
}

/** Below every number a pool can meet, so that a border pixel is never the maximum. */
const BELOW_ALL = -3.4028234663852886e38;

/**
 * The gradient of a maximum over windows, of max pooling and of morphological dilation.
 *
 * Window position by window position: where the input there is the maximum, dy goes there, and is taken away so that a
 * tie goes to the first position, as in TensorFlow.
 *
 * @param valueAt what competes at position (i, j): the input there, possibly plus something
 */
export function maximumGradient(
  dy: Tensor4D,
  x: Tensor4D,
  y: Tensor4D,
  info: PoolInfo,
  valueAt: (value: Tensor4D, i: number, j: number) => Tensor4D = (value) => value,
): Tensor4D {
  const { filterHeight, filterWidth, strideHeight: sh, strideWidth: sw, dilationHeight, dilationWidth, padInfo } = info;
  const [n, oh, ow, c] = y.shape;
  const { top, left } = padInfo;
  const [h, w] = [x.shape[1] + top, x.shape[2] + left];
  const reach = (size: number, dilation: number, stride: number, outputs: number): number =>
    Math.ceil(((size - 1) * dilation + 1 + (outputs - 1) * stride) / stride) * stride;
  const height = Math.max(Math.ceil(h / sh) * sh, reach(filterHeight, dilationHeight, sh, oh));
  const width = Math.max(Math.ceil(w / sw) * sw, reach(filterWidth, dilationWidth, sw, ow));
  const padded: Tensor4D = fit(x, top, height - h, left, width - w, BELOW_ALL);

  const [ph, pw] = [height / sh, width / sw];
  const gradients = new Map<string, Tensor4D>();
  const phases = new Map<string, Tensor4D>();
  let rest: Tensor4D = dy;
  for (let i = 0; i < filterHeight; i++) {
    for (let j = 0; j < filterWidth; j++) {
      const [row, column] = [i * dilationHeight, j * dilationWidth];
      const key = `${row % sh},${column % sw}`;
      const [down, across] = [Math.floor(row / sh), Math.floor(column / sw)];
      const source = phases.get(key) ?? phase(padded, row % sh, column % sw, info);
      phases.set(key, source);
      const value = oh === ph && ow === pw ? source : slice(source, [0, down, across, 0], [n, oh, ow, c]);
      // No value is above the maximum: 1 where it is below. dy less what is left over is exact, being 0 or dy.
      const others: Tensor4D = mul(rest, step(sub(y, valueAt(value, i, j))));
      const here: Tensor4D = sub(rest, others);
      rest = others;
      const placed = pad(here, [[0, 0], [down, ph - oh - down], [across, pw - ow - across], [0, 0]]); // prettier-ignore
      const sum = gradients.get(key);
      gradients.set(key, sum === undefined ? placed : add(sum, placed));
    }
  }
  const zeros = (): Tensor4D => zerosLike(phase(padded, 0, 0, info));
  const merged = mergePhases((p, q) => gradients.get(`${p},${q}`) ?? zeros(), info);
  return fit(merged, -top, h - height, -left, w - width);
}

const maxPool: KernelRules = rule<MaxPoolAttrs>(
  'x',
  (dy, call) => {
    const [x, y] = [call.value('x') as Tensor4D, call.output() as Tensor4D];
    if (engine().backendName !== 'wasm') {
      return engine().runKernel('MaxPoolGrad', { dy, input: x, output: y }, call.attrs as unknown as NamedAttrMap);
    }
    // wasm's kernel loses windows whose maximum is <= 0, gives ties to the last, and takes thirty times as long.
    return maximumGradient(dy as Tensor4D, x, y, poolInfo(x.shape, call.attrs));
  },
  { needs: ['x'], needsOutput: 0 },
);

export const poolingRules: RuleTable = {
  AvgPool: rule<AvgPoolAttrs>('x', (dy, call) =>
    averageGradient(dy as Tensor4D, poolInfo(call.operand('x').shape, call.attrs), call.cache),
  ),
  MaxPool: maxPool,
  MaxPoolWithArgmax: maxPool,
  // Morphological dilation: the maximum over a window of x plus a structuring element.
  Dilation2D: rule<Dilation2DAttrs>(
    'x',
    (dy, call) => {
      const x = call.value('x') as Tensor4D;
      const filter = call.value('filter') as Tensor3D;
      const { strides, pad: padding, dilations } = call.attrs;
      const info = backend_util.computeDilation2DInfo(x.shape, filter.shape, strides, padding, 'NHWC', dilations);
      const element = (i: number, j: number): Tensor => slice(filter, [i, j, 0], [1, 1, filter.shape[2]]);
      return maximumGradient(dy as Tensor4D, x, call.output() as Tensor4D, info, (value, i, j) =>
        add(value, element(i, j)),
      );
    },
    { needs: ['x', 'filter'], needsOutput: 0 },
  ),
};
