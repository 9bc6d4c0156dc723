/**
 * Warps: each output pixel is a weighted sum of at most four neighbouring pixels, one of each
 * parity (row even or odd, column even or odd).
 *
 * Pixels and weights are found by warping probe images that are zero outside one parity, with the
 * backend's kernel. So every interpolation and fill mode is right, and no transform is read back
 * from the device.
 *
 * Letters: n images, h x w pixels in, c channels, p output pixels of all images.
 */
import {
  add,
  addN,
  cast,
  div,
  engine,
  greater,
  mod,
  mul,
  range,
  reshape,
  round,
  scatterND,
  split,
  stack,
  sub,
  tile,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { rule } from '../rule.js';
import type { RuleTable } from '../rule.js';

/** Marks every second number from `parity` on with 1, the others with 0. */
const everySecond = (numbers: Tensor, parity: number): Tensor =>
  sub(1, mod(add(numbers, parity), 2));

/** Finds, for the pixels of one parity, each output pixel's weight and its source's flat index. */
function sources(
  shape: number[],
  parity: [number, number],
  warp: (image: Tensor4D) => Tensor4D,
): [Tensor, Tensor] {
  const [n = 1, h = 1, w = 1] = shape;
  const rows = reshape(range(0, h), [h, 1]);
  const columns = reshape(range(0, w), [1, w]);
  const here = mul(everySecond(rows, parity[0]), everySecond(columns, parity[1]));
  const probe = stack([here, mul(here, rows), mul(here, columns)], -1);
  const warped = warp(tile(reshape(probe, [1, h, w, 3]), [n, 1, 1, 1]));
  const [weight, weightedRow, weightedColumn] = split(warped, 3, -1) as [Tensor, Tensor, Tensor];
  const used = greater(weight, 0);
  const index = (weighted: Tensor): Tensor =>
    where(used, round(div(weighted, where(used, weight, 1))), zerosLike(weight));
  const image = reshape(range(0, n), [n, 1, 1, 1]);
  return [weight, add(mul(add(mul(image, h), index(weightedRow)), w), index(weightedColumn))];
}

function warpGradient(dy: Tensor, shape: number[], warp: (image: Tensor4D) => Tensor4D): Tensor {
  const [n = 1, h = 1, w = 1, c = 1] = shape;
  const parities: [number, number][] = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  const parts = parities.map((parity) => {
    const [weight, index] = sources(shape, parity, warp);
    const at = cast(reshape(index, [-1, 1]), 'int32');
    return scatterND(at, reshape(mul(dy, weight), [-1, c]), [n * h * w, c]);
  });
  return reshape(addN(parts), shape);
}

export const warpRules: RuleTable = {
  Transform: rule(
    'image',
    (dy, call) =>
      warpGradient(dy, call.operand('image').shape, (image) =>
        engine().runKernel(
          'Transform',
          { image, transforms: call.value('transforms') },
          { ...call.attrs, fillValue: 0 },
        ),
      ),
    { needs: ['transforms'] },
  ),
  RotateWithOffset: rule('image', (dy, call) =>
    warpGradient(dy, call.operand('image').shape, (image) =>
      engine().runKernel('RotateWithOffset', { image }, { ...call.attrs, fillValue: 0 }),
    ),
  ),
};
