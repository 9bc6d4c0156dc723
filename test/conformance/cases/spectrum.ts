import * as tf from '@tensorflow/tfjs-core';
import { constant, table } from '../case.js';
import type { Case } from '../case.js';

export const spectrumCases: Case[] = [
  ...table('FFT', [
    ['real and imaginary part', [2, 8], (x) => tf.add(tf.real(tf.fft(tf.complex(x, constant([2, 8])))), tf.imag(tf.fft(tf.complex(constant([2, 8]), x))))], // prettier-ignore
    ['length 6, both parts of the input', [1, 6], (x) => tf.real(tf.fft(tf.complex(x, tf.square(x))))],
    ['magnitude spectrum', [8], (x) => tf.abs(tf.rfft(x))],
    ['power spectrum', [2, 8], (x) => tf.square(tf.abs(tf.rfft(x)))],
    ['inverse', [2, 4], (x) => tf.imag(tf.ifft(tf.complex(constant([2, 4]), x)))],
    ['there and back', [2, 8], (x) => tf.irfft(tf.rfft(tf.square(x)))],
  ]),
  ...table<tf.Tensor1D>('FFT', [
    ['log spectrogram', [16], (x) => tf.log(tf.add(tf.square(tf.abs(tf.signal.stft(x, 8, 4))), 0.1))],
  ]),
];
