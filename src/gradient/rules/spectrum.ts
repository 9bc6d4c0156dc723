/**
 * Complex numbers and Fourier transforms, which spectrogram models use. The gradient by z = a + ib is da + i db; then a
 * linear map's adjoint is its conjugate transpose, and that of the Fourier transform is the unscaled inverse one.
 */
import { complex, divNoNan, fft, ifft, imag, mul, real, scalar, zerosLike } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { inputRule, rule } from '../rule.js';
import type { RuleTable } from '../rule.js';

/** Both parts of `z` times the real `factor`. */
const scaled = (z: Tensor, factor: Tensor): Tensor => complex(mul(real(z), factor), mul(imag(z), factor));

export const spectrumRules: RuleTable = {
  Complex: { real: inputRule((dy) => real(dy)), imag: inputRule((dy) => imag(dy)) },
  Real: rule('input', (dy) => complex(dy, zerosLike(dy))),
  Imag: rule('input', (dy) => complex(zerosLike(dy), dy)),
  // z / |z|, and 0 at 0, as in TensorFlow.
  ComplexAbs: rule('x', (dy, call) => scaled(call.value('x'), divNoNan(dy, call.output())), {
    needs: ['x'],
    needsOutput: 0,
  }),
  FFT: rule('input', (dy) => scaled(ifft(dy), scalar(dy.shape.at(-1)!))),
  IFFT: rule('input', (dy) => scaled(fft(dy), scalar(1 / dy.shape.at(-1)!))),
};
