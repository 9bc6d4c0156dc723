import * as tf from '@tensorflow/tfjs-core';
import { constant, table } from '../case.js';
import type { Case } from '../case.js';

const numbers = (): tf.Tensor => tf.complex(constant([2, 3], 1), constant([2, 3], 2));

export const spectrumCases: Case[] = [
  ...table('FFT', [
    [
      'real and imaginary part',
      [2, 8],
      (x) =>
        tf.add(
          tf.real(tf.fft(tf.complex(x, constant([2, 8])))),
          tf.imag(tf.fft(tf.complex(constant([2, 8]), x))),
        ),
    ],
    [
      'length 6, both parts of the input',
      [1, 6],
      (x) => tf.real(tf.fft(tf.complex(x, tf.square(x)))),
    ],
    ['magnitude spectrum', [8], (x) => tf.abs(tf.rfft(x))],
    ['power spectrum', [2, 8], (x) => tf.square(tf.abs(tf.rfft(x)))],
    ['inverse', [2, 4], (x) => tf.imag(tf.ifft(tf.complex(constant([2, 4]), x)))],
    ['there and back', [2, 8], (x) => tf.irfft(tf.rfft(tf.square(x)))],
  ]),
  ...table('complex numbers', [
    ['product', [2, 3], (x) => tf.real(tf.mul(tf.complex(x, tf.square(x)), numbers()))],
    ['product, second', [2, 3], (x) => tf.abs(tf.mul(numbers(), tf.complex(x, tf.square(x))))],
    ['product of a real and a complex one', [2, 3], (x) => tf.imag(tf.mul(x, numbers()))],
    ['difference', [2, 3], (x) => tf.abs(tf.sub(numbers(), tf.complex(x, x)))],
    [
      'sum with itself turned round',
      [2, 3],
      (x) => tf.imag(tf.add(tf.complex(x, x), tf.complex(tf.square(x), tf.neg(tf.square(x))))),
    ],
    [
      'filter of frequencies',
      [2, 3],
      (x) => tf.real(tf.ifft(tf.mul(tf.fft(tf.complex(x, tf.zerosLike(x))), numbers()))),
    ],
  ]),
  ...table<tf.Tensor1D>('FFT', [
    [
      'log spectrogram',
      [16],
      (x) => tf.log(tf.add(tf.square(tf.abs(tf.signal.stft(x, 8, 4))), 0.1)),
    ],
  ]),
];
