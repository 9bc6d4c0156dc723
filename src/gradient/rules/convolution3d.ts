/**
 * Convolutions in three dimensions.
 *
 * Letters: x [n, d, h, w, c], filter [kd, kh, kw, c, m].
 */
import { backend_util, conv3d, transpose } from '@tensorflow/tfjs-core';
import type {
  Conv3DAttrs,
  Conv3DBackpropInputV2Attrs,
  Tensor,
  Tensor5D,
} from '@tensorflow/tfjs-core';
import { dilateAxis, padOrCrop, rotate180 } from './window.js';
import { rule } from '../rule.js';
import type { KernelCall, RuleTable } from '../rule.js';

type Shape5D = [number, number, number, number, number];

/**
 * Convolves dy, zero-dilated by the stride, with the flipped and transposed filter, as in two
 * dimensions.
 */
function convGradient(dy: Tensor, call: KernelCall<Conv3DAttrs>): Tensor {
  const filter = call.value('filter') as Tensor5D;
  const inShape = call.operand('x').shape as Shape5D;
  const { strides, dilations, pad } = call.attrs;
  const info = backend_util.computeConv3DInfo(inShape, filter.shape, strides, dilations, pad);
  const { front, top, left } = info.padInfo;
  const reach = [
    info.effectiveFilterDepth,
    info.effectiveFilterHeight,
    info.effectiveFilterWidth,
  ].map((k) => k - 1);
  let spaced = dy;
  [info.strideDepth, info.strideHeight, info.strideWidth].forEach((stride, i) => {
    spaced = dilateAxis(spaced, i + 1, stride);
  });
  const amounts = [front, top, left].map((padding, i): [number, number] => {
    const before = reach[i]! - padding;
    return [before, inShape[i + 1]! + reach[i]! - before - spaced.shape[i + 1]!];
  });
  const paddedDy = padOrCrop(spaced, [[0, 0], ...amounts, [0, 0]]) as Tensor5D;
  const flipped = call.cache.of([filter], 'flipped 3d', () =>
    transpose(rotate180(filter), [0, 1, 2, 4, 3]),
  ) as Tensor5D;
  return conv3d(paddedDy, flipped, 1, 'valid', 'NDHWC', dilations);
}

export const convolution3dRules: RuleTable = {
  Conv3D: rule<Conv3DAttrs>('x', convGradient, { needs: ['filter'] }),
  // The transposed convolution is linear in what it calls dy; its adjoint is the convolution.
  Conv3DBackpropInputV2: rule<Conv3DBackpropInputV2Attrs>(
    'dy',
    (dy, call) => {
      const { strides, pad } = call.attrs;
      return conv3d(dy as Tensor5D, call.value('filter') as Tensor5D, strides, pad);
    },
    { needs: ['filter'] },
  ),
};
