/**
 * The way back of a convolution through tfjs's own kernels, with its filter prepared beforehand:
 * the flipped filter over dy and, of a strided one, all phases at once, put in order afterwards.
 */
import { conv2d, pad, randomNormal, reshape, slice, transpose } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { ConvolutionInfo } from '../../src/kernels/index.js';

export function stockInputGradient(info: ConvolutionInfo): {
  gradient(dy: Tensor4D): Tensor;
  dispose(): void;
} {
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  const { inChannels: c, outChannels: d, inHeight, inWidth, outHeight, outWidth } = info;
  const [th, tw] = [Math.ceil(filterHeight / strideHeight), Math.ceil(filterWidth / strideWidth)];
  const phases = strideHeight * strideWidth;
  // Its values are of no interest here.
  const filter: Tensor4D = randomNormal([th, tw, d, filterHeight === 1 ? c : phases * c]);
  const top = th - 1 - (phases === 1 ? padInfo.top : 0);
  const left = tw - 1 - (phases === 1 ? padInfo.left : 0);
  const rows = Math.ceil((padInfo.top + inHeight) / strideHeight);
  const columns = Math.ceil((padInfo.left + inWidth) / strideWidth);
  const [bottom, right] =
    phases === 1
      ? [filterHeight - 1 - padInfo.bottom, filterWidth - 1 - padInfo.right]
      : [Math.max(0, rows - outHeight), Math.max(0, columns - outWidth)];

  function gradient(dy: Tensor4D): Tensor {
    if (phases === 1) {
      return conv2d(dy, filter, 1, [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ]);
    }
    if (filterHeight === 1 && filterWidth === 1) return spread(conv2d(dy, filter, 1, 'valid'));
    const padded = pad(dy, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]);
    const y = conv2d(padded, filter, 1, 'valid');
    const [, h, w] = y.shape;
    const ordered = transpose(reshape(y, [h, w, strideHeight, strideWidth * c]), [0, 2, 1, 3]);
    return cut(reshape(ordered, [1, h * strideHeight, w * strideWidth, c]));
  }

  /** Zeros between pixels. */
  function spread(y: Tensor4D): Tensor {
    const [, h, w] = y.shape;
    const wide = pad(reshape(y, [h * w, 1, c]), [
      [0, 0],
      [0, strideWidth - 1],
      [0, 0],
    ]);
    const tall = pad(reshape(wide, [h, 1, w * strideWidth * c]), [
      [0, 0],
      [0, strideHeight - 1],
      [0, 0],
    ]);
    return cut(reshape(tall, [1, h * strideHeight, w * strideWidth, c]));
  }

  function cut(y: Tensor): Tensor {
    const size: [number, number, number, number] = [
      1,
      Math.min(inHeight, y.shape[1]!),
      Math.min(inWidth, y.shape[2]!),
      c,
    ];
    return slice(
      y as Tensor4D,
      [0, padInfo.top, padInfo.left, 0].map((at, i) => Math.min(at, y.shape[i]! - size[i]!)),
      size,
    );
  }

  return { gradient, dispose: () => filter.dispose() };
}
