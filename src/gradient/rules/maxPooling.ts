/**
 * The gradient of a maximum over windows.
 *
 * Letters: n images, h x w pixels, c channels; windows kh x kw, outputs oh x ow.
 */
import { add, engine, mul, pad, reverse, slice, step, sub, zerosLike } from '@tensorflow/tfjs-core';
import type { MaxPoolAttrs, NamedAttrMap, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { padOrCropImage, mergePhases, phase } from './window.js';
import type { PoolInfo } from './window.js';

/** The least float32: a pixel of the padding is never the maximum. */
const BELOW_ALL = -3.4028234663852886e38;

/**
 * Computes the gradient of a maximum over windows: max pooling or morphological dilation.
 *
 * It goes through the positions in the window. Where the input at a position is the maximum, dy
 * goes there and is used up, so that a tie goes to the first position, as in TensorFlow.
 *
 * @param valueAt what competes at position (i, j): the input there, plus a structuring element
 */
export function maximumGradient(
  dy: Tensor4D,
  x: Tensor4D,
  y: Tensor4D,
  info: PoolInfo,
  valueAt: (value: Tensor4D, i: number, j: number) => Tensor4D = (value) => value,
): Tensor4D {
  const {
    filterHeight,
    filterWidth,
    strideHeight: sh,
    strideWidth: sw,
    dilationHeight,
    dilationWidth,
    padInfo,
  } = info;
  const [n, oh, ow, c] = y.shape;
  const { top, left } = padInfo;
  const [h, w] = [x.shape[1] + top, x.shape[2] + left];
  const reach = (size: number, dilation: number, stride: number, outputs: number): number =>
    Math.ceil(((size - 1) * dilation + 1 + (outputs - 1) * stride) / stride) * stride;
  const height = Math.max(Math.ceil(h / sh) * sh, reach(filterHeight, dilationHeight, sh, oh));
  const width = Math.max(Math.ceil(w / sw) * sw, reach(filterWidth, dilationWidth, sw, ow));
  const padded: Tensor4D = padOrCropImage(x, top, height - h, left, width - w, BELOW_ALL);

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
      const value =
        oh === ph && ow === pw ? source : slice(source, [0, down, across, 0], [n, oh, ow, c]);
      // No value is above the maximum, so step() is 1 where it is below. The difference is exact:
      // it is 0 or dy.
      const others: Tensor4D = mul(rest, step(sub(y, valueAt(value, i, j))));
      const here: Tensor4D = sub(rest, others);
      rest = others;
      const placed = pad(here, [
        [0, 0],
        [down, ph - oh - down],
        [across, pw - ow - across],
        [0, 0],
      ]);
      const sum = gradients.get(key);
      gradients.set(key, sum === undefined ? placed : add(sum, placed));
    }
  }
  const zeros = (): Tensor4D => zerosLike(phase(padded, 0, 0, info));
  const merged = mergePhases((p, q) => gradients.get(`${p},${q}`) ?? zeros(), info);
  return padOrCropImage(merged, -top, h - height, -left, w - width);
}

/** Runs the backend's kernel. */
function kernelGradient(dy: Tensor, x: Tensor, y: Tensor, attrs: object): Tensor4D {
  return engine().runKernel('MaxPoolGrad', { dy, input: x, output: y }, attrs as NamedAttrMap);
}

/** Runs the backend's kernel on the rotated image, where it gives ties to the last position. */
function rotatedKernelGradient(dy: Tensor4D, x: Tensor4D, y: Tensor4D, info: PoolInfo): Tensor4D {
  const { filterHeight, filterWidth, strideHeight, strideWidth, outHeight, outWidth, padInfo } =
    info;
  const { top, left } = padInfo;
  // The padding behind the last window; where negative, the rows and columns that no window sees.
  const bottom = (outHeight - 1) * strideHeight + filterHeight - top - x.shape[1];
  const right = (outWidth - 1) * strideWidth + filterWidth - left - x.shape[2];
  const rotate = (t: Tensor4D): Tensor4D => reverse(t, [1, 2]);
  const seen = padOrCropImage(x, 0, Math.min(0, bottom), 0, Math.min(0, right));
  const pad = [
    [0, 0],
    [Math.max(0, bottom), top],
    [Math.max(0, right), left],
    [0, 0],
  ];
  const attrs = {
    filterSize: [filterHeight, filterWidth],
    strides: [strideHeight, strideWidth],
    pad,
    dimRoundingMode: 'floor',
  };
  const gradient = rotate(kernelGradient(rotate(dy), rotate(seen), rotate(y), attrs));
  return padOrCropImage(gradient, 0, Math.max(0, -bottom), 0, Math.max(0, -right));
}

/** Computes the gradient of a max pool, the fastest right way on the backend. */
export function maxPoolGradient(
  dy: Tensor4D,
  x: Tensor4D,
  y: Tensor4D,
  info: PoolInfo,
  attrs: MaxPoolAttrs,
): Tensor4D {
  switch (engine().backendName) {
    // Its kernel loses windows whose maximum is <= 0, gives ties to the last position, and is
    // thirty times as slow.
    case 'wasm':
      return maximumGradient(dy, x, y, info);
    case 'webgl':
    case 'webgpu':
      return rotatedKernelGradient(dy, x, y, info);
    default:
      return kernelGradient(dy, x, y, attrs);
  }
}
