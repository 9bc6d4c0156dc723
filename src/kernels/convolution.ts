/** Convolutions over tensors [n, h, w, c] with filters [kh, kw, c, d], forward and back. */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { isLimiter } from './epilogue.js';
import type { Epilogue } from './epilogue.js';
import { im2col } from './im2col.js';
import { fastestAlgorithm } from './algorithm.js';
import type { ChooseAlgorithm } from './algorithm.js';
import { backwardShape, forwardShape } from './shape.js';
import type { ConvolutionInfo, Im2colShape, PlainShape } from './shape.js';
import { addressOf, makeTensor, threadsOf } from './wasmBackend.js';
import { winograd } from './winograd.js';
import type { Workplace } from './workplace.js';

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

export function convolutionKernels(
  workplace: Workplace,
  choose: ChooseAlgorithm = fastestAlgorithm(threadsOf(workplace.backend)),
): ConvolutionKernels {
  const { backend } = workplace;
  return {
    convolution(x, filter, info, { bias, activation = 'linear' } = {}) {
      const shape = forwardShape(info);
      const algorithm = choose(info, shape, false);
      const operands = bias === undefined ? [x, filter] : [x, filter, bias];
      if (algorithm === undefined || !isLimiter(activation) || !operands.every(isFloat)) return;
      const epilogue = { bias: bias && addressOf(backend, bias), activation };
      return convolve(algorithm, x, filter, info.outShape, shape, false, epilogue);
    },
    convolutionInputGradient(dy, filter, info) {
      const shape = backwardShape(info);
      const algorithm = choose(info, shape, true);
      if (algorithm === undefined || !isFloat(dy) || !isFloat(filter)) return;
      return convolve(algorithm, dy, filter, info.inShape, shape, true, NO_EPILOGUE);
    },
  };

  function convolve(
    algorithm: 'winograd' | 'im2col',
    x: Tensor4D,
    filter: Tensor4D,
    outShape: Tensor4D['shape'],
    shape: PlainShape & Im2colShape,
    transposed: boolean,
    epilogue: Epilogue,
  ): Tensor4D {
    const [input, weights] = [addressOf(backend, x), addressOf(backend, filter)];
    const run = algorithm === 'winograd' ? winograd : im2col;
    return makeTensor<Tensor4D>(backend, outShape, (y) => {
      run(workplace, { x: input, filter: weights, y, transposed }, shape, epilogue);
    });
  }
}

const NO_EPILOGUE: Epilogue = { bias: undefined, activation: 'linear' };

const isFloat = ({ dtype }: Tensor): boolean => dtype === 'float32';
