/**
 * The gradient with respect to the input of a strided convolution, phase by phase.
 *
 * The pixels at i = a s + p, for one phase p, see only every s-th filter tap. So all phases
 * together are one stride-1 convolution of dy to s s times the channels. For 3 x 3 with stride 2
 * that takes 4 of the 9 products of a convolution of the zero-dilated dy.
 *
 * Letters: n images, c channels in, d out; filter [kh, kw, c, d]; stride (sh, sw); th = ceil(kh /
 * sh) taps per phase.
 */
import { conv2d, pad, reshape, transpose } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D, backend_util } from '@tensorflow/tfjs-core';
import { padOrCropImage, rotate180 } from './window.js';
import type { RunCache } from '../runCache.js';

type ConvInfo = backend_util.Conv2DInfo;

/** The filter of a convolution, made only when something derived from it is not cached yet. */
export interface FilterSource {
  readonly shape: [number, number, number, number];
  /** The tensors that it depends on. */
  readonly sources: readonly Tensor[];
  /** The numbers that it depends on, as text. */
  readonly key: string;
  make(): Tensor4D;
}

/** Gathers the flipped taps of each phase: [kh, kw, c, d] -> [th, tw, d, sh * sw * c]. */
function phaseFilter(filter: Tensor4D, { strideHeight: sh, strideWidth: sw }: ConvInfo): Tensor {
  const [kh, kw, c, d] = filter.shape;
  const [th, tw] = [Math.ceil(kh / sh), Math.ceil(kw / sw)];
  const whole = pad(filter, [
    [0, th * sh - kh],
    [0, tw * sw - kw],
    [0, 0],
    [0, 0],
  ]);
  const taps = transpose(reshape(whole, [th, sh, tw, sw, c, d]), [0, 2, 5, 1, 3, 4]);
  return rotate180(reshape(taps, [th, tw, d, sh * sw * c]) as Tensor4D);
}

/** Computes the gradient with respect to the input, [n, h, w, c]. */
export function stridedInputGradient(
  dy: Tensor4D,
  filter: FilterSource,
  info: ConvInfo,
  cache: RunCache,
): Tensor4D {
  const { strideHeight: sh, strideWidth: sw, inHeight, inWidth, padInfo } = info;
  const [n, oh, ow] = dy.shape;
  const taps = cache.of(filter.sources, `phases ${sh} ${sw} ${filter.key}`, () =>
    phaseFilter(filter.make(), info),
  ) as Tensor4D;
  const [th, tw, , packed] = taps.shape;
  const rows = Math.ceil((padInfo.top + inHeight) / sh);
  const columns = Math.ceil((padInfo.left + inWidth) / sw);
  const phases = conv2d(
    padOrCropImage(dy, th - 1, rows - oh, tw - 1, columns - ow),
    taps,
    1,
    'valid',
  );
  const byRow = reshape(phases, [n, rows, columns, sh, packed / sh]);
  const merged = reshape(transpose(byRow, [0, 1, 3, 2, 4]), [
    n,
    rows * sh,
    columns * sw,
    packed / (sh * sw),
  ]);
  const { top, left } = padInfo;
  return padOrCropImage(
    merged as Tensor4D,
    -top,
    inHeight + top - rows * sh,
    -left,
    inWidth + left - columns * sw,
  );
}
