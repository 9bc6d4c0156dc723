/**
 * Complex numbers and Fourier transforms, which spectrogram models use.
 *
 * The gradient with respect to z = a + ib is da + i db. A linear map's adjoint is then its
 * conjugate transpose, and that of the Fourier transform is the unscaled inverse transform.
 */
import {
  complex,
  divNoNan,
  fft,
  ifft,
  imag,
  mul,
  neg,
  real,
  reshape,
  scalar,
  sum,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { DataType, Tensor } from '@tensorflow/tfjs-core';
import { inputRule, rule } from '../rule.js';
import type { KernelCall, RuleTable } from '../rule.js';

/** Takes a part of `z`; on GPUs the parts of a reshaped tensor have the old shape. */
const re = (z: Tensor): Tensor => reshape(real(z), z.shape);
const im = (z: Tensor): Tensor => reshape(imag(z), z.shape);

/** Multiplies both parts of `z` by the real `factor`. */
const scaled = (z: Tensor, factor: Tensor): Tensor =>
  complex(mul(re(z), factor), mul(im(z), factor));

const isComplex = (z: { readonly dtype: DataType }): boolean => z.dtype === 'complex64';

export const conjugate = (z: Tensor): Tensor => (isComplex(z) ? complex(re(z), neg(im(z))) : z);

/** Sums over axes; part by part for complex numbers, which the kernel Sum does not take. */
export const summed = (z: Tensor, axes: number[]): Tensor =>
  isComplex(z) ? complex(sum(re(z), axes), sum(im(z), axes)) : sum(z, axes);

export const negated = (z: Tensor): Tensor => (isComplex(z) ? scaled(z, scalar(-1)) : neg(z));

/** Passes the real part on where a cast is to or from complex numbers. */
function castGradient(dy: Tensor, call: KernelCall): Tensor {
  const x = call.operand('x');
  if (isComplex(x) === isComplex(dy)) return dy;
  return isComplex(x) ? complex(dy, zerosLike(dy)) : re(dy);
}

export const spectrumRules: RuleTable = {
  Cast: rule('x', castGradient),
  Complex: { real: inputRule((dy) => re(dy)), imag: inputRule((dy) => im(dy)) },
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
