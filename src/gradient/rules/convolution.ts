/**
 * Convolutions.
 *
 * The gradient with respect to the input of a convolution is a convolution of dy, zero-dilated by
 * the stride, with the filter flipped in space and transposed in channels. On wasm, XNNPACK's
 * forward kernel is ten times as fast as tfjs's scalar Conv2DBackpropInput; wasm has no depthwise
 * backward kernel, and core refuses dilations in both.
 *
 * Letters: n images, h x w pixels, c channels in, d out, m multiplier; filter [kh, kw, c, d],
 * depthwise [kh, kw, c, m].
 */
import {
  backend_util,
  conv2d,
  depthwiseConv2d,
  engine,
  mul,
  reshape,
  sum,
  transpose,
} from '@tensorflow/tfjs-core';
import type {
  Conv2DAttrs,
  Conv2DBackpropInputAttrs,
  NamedAttrMap,
  Tensor,
  Tensor4D,
} from '@tensorflow/tfjs-core';
import { unbroadcast } from './broadcast.js';
import { normalizingFactor, STATISTICS, statisticsOf } from './normalization.js';
import type { BatchNormCall } from './normalization.js';
import { stridedInputGradient } from './stridedConvolution.js';
import type { FilterSource } from './stridedConvolution.js';
import { dilate, padOrCropImage, rotate180 } from './window.js';
import { inputRule, rule } from '../rule.js';
import type { InputRule, KernelCall, RuleTable } from '../rule.js';
import type { Resources } from '../recordedCall.js';
import type { RunCache } from '../runCache.js';

type Shape4D = [number, number, number, number];
type ConvInfo = backend_util.Conv2DInfo;
type ExplicitPadding = Exclude<Conv2DAttrs['pad'], string | number>;

const NCHW_TO_NHWC = [0, 2, 3, 1];
const NHWC_TO_NCHW = [0, 3, 1, 2];

/** Describes the sizes of a convolution as tfjs does. */
export function convInfo(
  inputShape: number[],
  filterShape: Shape4D,
  attrs: Conv2DAttrs,
  depthwise: boolean,
): ConvInfo {
  const { strides, dilations, pad, dataFormat, dimRoundingMode } = attrs;
  return backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape,
    strides,
    dilations ?? 1, // tfjs-layers' depthwise convolution gives null
    pad,
    dimRoundingMode,
    depthwise,
    dataFormat === 'NCHW' ? 'channelsFirst' : 'channelsLast',
  );
}

/**
 * Finds the padding under which a stride-1 convolution with the flipped filter gives the input's
 * size. Where it would be negative, rows and columns are cropped.
 * @param spaced dy, zero-dilated by the stride
 * @returns `spaced`, cropped, and the padding
 */
function paddedForInput(spaced: Tensor4D, info: ConvInfo): [Tensor4D, [number, number][]] {
  const { effectiveFilterHeight: kh, effectiveFilterWidth: kw, inHeight, inWidth, padInfo } = info;
  const [top, left] = [kh - 1 - padInfo.top, kw - 1 - padInfo.left];
  const [bottom, right] = [
    inHeight + kh - 1 - top - spaced.shape[1],
    inWidth + kw - 1 - left - spaced.shape[2],
  ];
  const cut = (amount: number): number => Math.min(0, amount);
  const fill = (amount: number): number => Math.max(0, amount);
  return [
    padOrCropImage(spaced, cut(top), cut(bottom), cut(left), cut(right)),
    [
      [0, 0],
      [fill(top), fill(bottom)],
      [fill(left), fill(right)],
      [0, 0],
    ],
  ];
}

/**
 * Backends on which a forward convolution beats tfjs's backward kernel.
 *
 * Measured per shape: ten times as fast on wasm, twice on webgl; on cpu and webgpu the backward
 * kernel is up to twice as fast (software GPU; to be measured again on a real one).
 */
const FORWARD_IS_FASTER: ReadonlySet<string> = new Set(['wasm', 'webgl']);

/** Tells whether tfjs's backward kernel takes it: no dilation, no padding that was rounded up. */
function hasBackwardKernel(info: ConvInfo): boolean {
  const {
    filterHeight,
    filterWidth,
    strideHeight,
    strideWidth,
    outHeight,
    outWidth,
    inHeight,
    inWidth,
    padInfo,
  } = info;
  const steps = (size: number, filter: number, stride: number): number =>
    Math.floor((size - filter) / stride) + 1;
  return (
    info.dilationHeight * info.dilationWidth === 1 &&
    steps(inHeight + padInfo.top + padInfo.bottom, filterHeight, strideHeight) === outHeight &&
    steps(inWidth + padInfo.left + padInfo.right, filterWidth, strideWidth) === outWidth
  );
}

/** Scales the filter as it is to be used, once a run. */
const scaled = (filter: FilterSource, cache: RunCache): Tensor4D =>
  filter.sources.length === 1
    ? filter.make()
    : (cache.of(filter.sources, `scaled ${filter.key}`, filter.make) as Tensor4D);

function backwardKernel(
  dy: Tensor4D,
  filter: FilterSource,
  info: ConvInfo,
  cache: RunCache,
): Tensor4D {
  const { strideHeight, strideWidth, padInfo, batchSize, inHeight, inWidth, inChannels } = info;
  const inputShape = [batchSize, inHeight, inWidth, inChannels];
  const { top, bottom, left, right } = padInfo;
  const pad = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  const attrs = {
    strides: [strideHeight, strideWidth],
    pad,
    dataFormat: 'NHWC',
    dimRoundingMode: 'floor',
    inputShape,
  };
  return engine().runKernel(
    'Conv2DBackpropInput',
    { dy, filter: scaled(filter, cache) },
    attrs as unknown as NamedAttrMap,
  );
}

function convInputGradient(
  dy: Tensor4D,
  filter: FilterSource,
  info: ConvInfo,
  { cache, kernels }: Resources,
): Tensor4D {
  const own = kernels?.convolutionInputGradient(dy, scaled(filter, cache), info);
  if (own !== undefined) return own;
  if (!FORWARD_IS_FASTER.has(engine().backendName) && hasBackwardKernel(info))
    return backwardKernel(dy, filter, info, cache);
  const { inHeight, inWidth, strideHeight, strideWidth, dilationHeight, dilationWidth } = info;
  const [kh, kw] = filter.shape;
  const isStrided = strideHeight * strideWidth > 1;
  if (isStrided && kh * kw > 1) return stridedInputGradient(dy, filter, info, cache);
  const flipped = cache.of(filter.sources, `flipped ${filter.key}`, () =>
    transpose(kh * kw === 1 ? filter.make() : rotate180(filter.make()), [0, 1, 3, 2]),
  ) as Tensor4D;
  if (isStrided) {
    // 1 x 1 windows do not overlap: convolve the few pixels first, dilate them after.
    const { top, left } = info.padInfo;
    const spaced = dilate(conv2d(dy, flipped, 1, 'valid'), info);
    return padOrCropImage(
      spaced,
      -top,
      inHeight + top - spaced.shape[1],
      -left,
      inWidth + left - spaced.shape[2],
    );
  }
  const [x, padding] = paddedForInput(dy, info);
  return conv2d(x, flipped, 1, padding as ExplicitPadding, 'NHWC', [dilationHeight, dilationWidth]);
}

function depthwiseInputGradient(
  dy: Tensor4D,
  filter: FilterSource,
  info: ConvInfo,
  { cache }: Resources,
): Tensor4D {
  const [kh, kw, c, m] = filter.shape;
  const flipped = cache.of(filter.sources, `flipped depthwise ${filter.key}`, () =>
    reshape(rotate180(filter.make()), [kh, kw, c * m, 1]),
  ) as Tensor4D;
  const dilations: [number, number] = [info.dilationHeight, info.dilationWidth];
  const [x, padding] = paddedForInput(dilate(dy, info), info);
  // All backends take explicit padding, though the op's type does not say so.
  const products = depthwiseConv2d(x, flipped, 1, padding as unknown as number, 'NHWC', dilations);
  return m === 1
    ? products
    : (sum(reshape(products, [...products.shape.slice(0, 3), c, m]), 4) as Tensor4D);
}

/** Reads the filter, scaled per output channel by a batch normalization fused behind it. */
function filterOf(call: KernelCall<Conv2DAttrs>): FilterSource {
  const filter = call.value('filter') as Tensor4D;
  const { shape } = filter;
  if (!call.has('variance')) return { shape, sources: [filter], key: '', make: () => filter };
  const normalization = call as unknown as BatchNormCall;
  const [, , c, last] = shape;
  const make = (): Tensor4D => {
    const factor = normalizingFactor(normalization);
    return mul(filter, reshape(factor, factor.size === last ? [last] : [c, last]));
  };
  return {
    shape,
    sources: [filter, ...statisticsOf(call)],
    key: String(normalization.attrs.varianceEpsilon),
    make,
  };
}

/** Computes the gradient with respect to the convolution's x. */
function inputGradient(dy: Tensor, call: KernelCall<Conv2DAttrs>, depthwise: boolean): Tensor {
  const filter = filterOf(call);
  const info = convInfo(call.operand('x').shape, filter.shape, call.attrs, depthwise);
  const gradient = depthwise ? depthwiseInputGradient : convInputGradient;
  if (call.attrs.dataFormat !== 'NCHW') return gradient(dy as Tensor4D, filter, info, call);
  return transpose(
    gradient(transpose(dy as Tensor4D, NCHW_TO_NHWC), filter, info, call),
    NHWC_TO_NCHW,
  );
}

const x = /* @__NO_SIDE_EFFECTS__ */ (
  depthwise: boolean,
  needs: readonly string[] = ['filter'],
): InputRule => inputRule<Conv2DAttrs>((dy, call) => inputGradient(dy, call, depthwise), { needs });

const WITH_STATISTICS = /* @__PURE__ */ ['filter'].concat(STATISTICS);

/** Passes the gradient on to the bias inside a fused kernel. */
export const fusedBias = inputRule<Partial<Conv2DAttrs>>((dy, call) => {
  const { shape } = call.operand('bias');
  // With channels first, a bias of rank 1 belongs to the second axis and not to the last.
  const isFirst = call.attrs.dataFormat === 'NCHW' && shape.length === 1;
  return reshape(unbroadcast(dy, isFirst ? [shape[0]!, 1, 1] : shape), shape);
});

export const convolutionRules: RuleTable = {
  Conv2D: { x: x(false) },
  DepthwiseConv2dNative: { x: x(true) },
  FusedConv2D: { x: x(false), bias: fusedBias },
  FusedDepthwiseConv2D: { x: x(true), bias: fusedBias },
  NormalizedConv2D: { x: x(false, WITH_STATISTICS) },
  NormalizedDepthwiseConv2dNative: { x: x(true, WITH_STATISTICS) },
  // The transposed convolution is linear in what it calls dy; its adjoint is the convolution.
  Conv2DBackpropInput: rule<Conv2DBackpropInputAttrs>(
    'dy',
    (dy, call) => {
      const { strides, pad, dataFormat, dimRoundingMode } = call.attrs;
      return conv2d(
        dy as Tensor4D,
        call.value('filter') as Tensor4D,
        strides,
        pad,
        dataFormat,
        1,
        dimRoundingMode,
      );
    },
    { needs: ['filter'] },
  ),
};
