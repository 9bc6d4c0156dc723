/**
 * Convolutions over tensors [n, h, w, c] with filters [kh, kw, c, d], forward and back.
 */
import type { backend_util, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { isLimiter } from './epilogue.js';
import type { Workplace } from './workplace.js';
import { addressOf, makeTensor } from './wasmBackend.js';
import { suitsWinograd, winograd } from './winograd.js';
import type { ConvolutionShape } from './winograd.js';

/** tfjs's description of a convolution, of data format NHWC. */
export type ConvolutionInfo = backend_util.Conv2DInfo;

export interface ConvolutionOptions {
  /** Shape [d]; none by default. */
  readonly bias?: Tensor | undefined;
  /** 'linear' by default; only it, 'relu' and 'relu6' are known here. */
  readonly activation?: string | undefined;
}

export interface ConvolutionKernels {
  /** Convolves `x`, adds the bias and applies the activation. */
  convolution(
    x: Tensor4D,
    filter: Tensor4D,
    info: ConvolutionInfo,
    options?: ConvolutionOptions,
  ): Tensor4D | undefined;
  /** Computes the gradient with respect to the input, from `dy`, that of the output. */
  convolutionInputGradient(
    dy: Tensor4D,
    filter: Tensor4D,
    info: ConvolutionInfo,
  ): Tensor4D | undefined;
}

export function convolutionKernels(workplace: Workplace): ConvolutionKernels {
  const { backend } = workplace;
  return {
    convolution(x, filter, info, { bias, activation = 'linear' } = {}) {
      const shape = forwardShape(info);
      const tensors = bias === undefined ? [x, filter] : [x, filter, bias];
      if (!tensors.every(isFloat) || !isLimiter(activation)) return undefined;
      if (!isPlain3x3(info) || !suitsWinograd(shape)) return undefined;
      const epilogue = { bias: bias && addressOf(backend, bias), activation };
      return makeTensor<Tensor4D>(backend, info.outShape, (y) => {
        const operands = addresses(x, filter, y, false);
        winograd(workplace, operands, shape, epilogue);
      });
    },
    convolutionInputGradient(dy, filter, info) {
      const shape = backwardShape(info);
      if (!isFloat(dy) || !isFloat(filter)) return undefined;
      if (!isPlain3x3(info) || !suitsWinograd(shape)) return undefined;
      return makeTensor<Tensor4D>(backend, info.inShape, (dx) => {
        const operands = addresses(dy, filter, dx, true);
        winograd(workplace, operands, shape, { bias: undefined, activation: 'linear' });
      });
    },
  };

  function addresses(x: Tensor, filter: Tensor, y: number, transposed: boolean) {
    return { x: addressOf(backend, x), filter: addressOf(backend, filter), y, transposed };
  }
}

const isFloat = ({ dtype }: Tensor): boolean => dtype === 'float32';

function isPlain3x3(info: ConvolutionInfo): boolean {
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const { dilationHeight, dilationWidth } = info;
  return (
    filterHeight === 3 &&
    filterWidth === 3 &&
    strideHeight * strideWidth * dilationHeight * dilationWidth === 1
  );
}

const forwardShape = (info: ConvolutionInfo): ConvolutionShape => ({
  n: info.batchSize,
  h: info.inHeight,
  w: info.inWidth,
  c: info.inChannels,
  oh: info.outHeight,
  ow: info.outWidth,
  d: info.outChannels,
  top: info.padInfo.top,
  left: info.padInfo.left,
});

/** The way back of a convolution of stride 1 is one of stride 1. */
const backwardShape = (info: ConvolutionInfo): ConvolutionShape => ({
  n: info.batchSize,
  h: info.outHeight,
  w: info.outWidth,
  c: info.outChannels,
  oh: info.inHeight,
  ow: info.inWidth,
  d: info.inChannels,
  top: info.filterHeight - 1 - info.padInfo.top,
  left: info.filterWidth - 1 - info.padInfo.left,
});
