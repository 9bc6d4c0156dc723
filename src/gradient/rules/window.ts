/**
 * Sliding windows over [n, h, w, c] with a stride, for the gradients of convolutions and pools.
 *
 * Letters: n images, h x w pixels, c channels; stride (sh, sw). The phase (p, q) is every sh-th row
 * from p on and every sw-th column from q on.
 *
 * Only reshapes, slices of whole rows, pads and concatenations are used, which are block copies on
 * every backend; a strided slice would index number by number.
 */
import { concat, pad, reshape, reverse, slice, util } from '@tensorflow/tfjs-core';
import type { backend_util, Tensor, Tensor4D } from '@tensorflow/tfjs-core';

/** tfjs's description of a window that slides over an image. */
export type PoolInfo = backend_util.Conv2DInfo;

export interface Stride {
  readonly strideHeight: number;
  readonly strideWidth: number;
}

type Amount = readonly [number, number];

/** Pads each axis before and after, or crops it where an amount is negative. */
export function padOrCrop<T extends Tensor>(x: T, amounts: readonly Amount[], value = 0): T {
  if (x.rank > 4) return axisByAxis(x, amounts, value) as T;
  const cut = (amount: number): number => Math.max(0, -amount);
  const fill = (amount: number): number => Math.max(0, amount);
  const flat = amounts.flat();
  let y = x;
  if (flat.some((amount) => amount < 0)) {
    const begin = amounts.map(([before]) => cut(before));
    const size = amounts.map(([before, after], axis) => x.shape[axis]! - cut(before) - cut(after));
    y = slice(y, begin, size);
  }
  if (flat.some((amount) => amount > 0)) {
    const paddings = amounts.map(([before, after]): [number, number] => [
      fill(before),
      fill(after),
    ]);
    y = pad(y, paddings, value);
  }
  return y;
}

/** Pads or crops one axis at a time: GPUs pad more than four axes wrongly, or not at all. */
function axisByAxis(x: Tensor, amounts: readonly Amount[], value: number): Tensor {
  return amounts.reduce<Tensor>((y, amount, axis) => {
    const [before, after] = [y.shape.slice(0, axis), y.shape.slice(axis + 1)];
    const flat = reshape(y, [
      util.sizeFromShape(before),
      y.shape[axis]!,
      util.sizeFromShape(after),
    ]);
    const result = padOrCrop(flat, [[0, 0], amount, [0, 0]], value);
    return reshape(result, [...before, result.shape[1]!, ...after]);
  }, x);
}

/** Pads the rows and columns of `x`, or crops them where an amount is negative. */
export function padOrCropImage(
  x: Tensor4D,
  top: number,
  bottom: number,
  left: number,
  right: number,
  value = 0,
): Tensor4D {
  return padOrCrop(
    x,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    value,
  );
}

/** Puts `factor` - 1 zeros behind each number along one axis. */
export function dilateAxis(x: Tensor, axis: number, factor: number): Tensor {
  if (factor === 1) return x;
  const before = util.sizeFromShape(x.shape.slice(0, axis + 1));
  const after = util.sizeFromShape(x.shape.slice(axis + 1));
  const spaced = pad(reshape(x, [before, 1, after]), [
    [0, 0],
    [0, factor - 1],
    [0, 0],
  ]);
  return reshape(
    spaced,
    x.shape.map((size, i) => (i === axis ? size * factor : size)),
  );
}

/** Rotates a filter [...space, c, d] in space, as one long axis: GPUs reverse at most four axes. */
export function rotate180(filter: Tensor): Tensor {
  const [c, d] = filter.shape.slice(-2) as [number, number];
  return reshape(reverse(reshape(filter, [-1, c, d]), 0), filter.shape);
}

/** Puts s - 1 zeros behind each row and column: [n, h, w, c] -> [n, h * sh, w * sw, c]. */
export function dilate(x: Tensor4D, { strideHeight: sh, strideWidth: sw }: Stride): Tensor4D {
  return dilateAxis(dilateAxis(x, 2, sw), 1, sh) as Tensor4D;
}

/**
 * Takes the phase (p, q) of `x`, whose height and width are multiples of the stride.
 * @returns [n, h / sh, w / sw, c]
 */
export function phase(
  x: Tensor4D,
  p: number,
  q: number,
  { strideHeight: sh, strideWidth: sw }: Stride,
): Tensor4D {
  if (sh === 1 && sw === 1) return x;
  const [n, h, w, c] = x.shape;
  const split = reshape(x, [n * (h / sh), sh, w / sw, sw * c]) as Tensor4D;
  return reshape(slice(split, [0, p, 0, q * c], [n * (h / sh), 1, w / sw, c]), [
    n,
    h / sh,
    w / sw,
    c,
  ]);
}

/**
 * Interleaves all phases, the inverse of taking them.
 * @param phaseOf gives the phase (p, q), [n, h, w, c]
 * @returns [n, h * sh, w * sw, c]
 */
export function mergePhases(
  phaseOf: (p: number, q: number) => Tensor4D,
  { strideHeight: sh, strideWidth: sw }: Stride,
): Tensor4D {
  const rows = Array.from({ length: sh }, (_, p) => {
    const columns = Array.from({ length: sw }, (_, q) => phaseOf(p, q));
    return sw === 1 ? columns[0]! : concat(columns, 3);
  });
  const [n, h, w, packed] = rows[0]!.shape;
  const whole =
    sh === 1
      ? rows[0]!
      : concat(
          rows.map((row) => reshape(row, [n * h, 1, w, packed])),
          1,
        );
  return reshape(whole, [n, h * sh, w * sw, packed / sw]);
}
