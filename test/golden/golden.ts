/** What generate.py has written, and the comparison of a map with it. */
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A tensor as the file has it, before a backend is chosen to hold it. */
export interface Values {
  shape: number[];
  data: Float32Array;
}

/** A layer of networks.py. Every padding is 'same'. */
export type Layer =
  | { type: 'conv'; kernel: Values; bias: Values; stride: number; activation: 'linear' | 'relu' }
  | { type: 'depthwise'; kernel: Values; stride: number }
  | {
      type: 'batchNorm';
      gamma?: Values;
      beta: Values;
      mean: Values;
      variance: Values;
      epsilon: number;
    }
  | { type: 'maxPool' | 'avgPool'; size: number; stride: number }
  | { type: 'residual'; layers: Layer[] }
  | { type: 'dense'; kernel: Values; bias: Values; activation: 'relu' | 'softmax' }
  | { type: 'relu6' | 'flatten' | 'globalAveragePool' };

export const scores = ['logit', 'output', 'logProbability', 'crossEntropy'] as const;

export interface Golden {
  layers: Layer[];
  input: Values;
  classIndex: number[];
  probabilities: Values;
  gradients: Record<(typeof scores)[number], Values>;
}

interface Statistics {
  mean: Values;
  meanAbs: Values;
  meanSquare: Values;
  variancePopulation: Values;
  varianceUnbiased: Values;
}

export interface VggGolden extends Golden {
  images: Values;
  noise: Values;
  saturated: {
    factor: number;
    winners: number[];
    losers: number[];
    probabilities: Values;
    logitOfWinners: Values;
    logProbabilityOfLosers: Values;
  };
  smoothGrad: {
    noiseLevel: number;
    classIndex: number;
    perChannel: Statistics;
    maxAbs: Statistics;
  };
  article: { noiseLevel: number; noiseless: Values; meanAfter: Values };
}

export const vgg = read('vgg.json') as VggGolden;
export const mobilenet = read('mobilenet.json') as Golden;

function read(file: string): unknown {
  const text = readFileSync(path.join(__dirname, file), 'utf8');
  return JSON.parse(text, (_, value: { shape: number[]; float32?: string }) =>
    typeof value?.float32 === 'string'
      ? { shape: value.shape, data: decode(value.float32) }
      : value,
  );
}

/** The files' values are little-endian, and so are the machines that run Node. */
function decode(base64: string): Float32Array {
  // A copy, because a pooled Buffer may begin at an address that Float32Array does not take.
  return new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
}

export function toTensor({ data, shape }: Values): Tensor {
  return tf.tensor(data, shape, 'float32');
}

/** The i-th of the values along their first axis. */
export function at({ data, shape }: Values, i: number): Values {
  const size = data.length / shape[0]!;
  return { shape: shape.slice(1), data: data.subarray(i * size, (i + 1) * size) };
}

/**
 * How far a map may be from the exact values, relative to the largest of them: that is the scale of
 * float32's errors, because a small derivative is a sum of large ones. PyTorch's own float32 is
 * 3.6e-7 away (`float32Distance` in the files); another order of summation and another exponential
 * function may lose ten times that, and no more: the networks have no activation so near a kink
 * that an error could flip it.
 */
const TOLERANCE = 4e-6;

export function expectValues(actual: Tensor, expected: Values): void {
  expect(actual.shape).toEqual(expected.shape);
  const values = actual.dataSync();
  const distance = expected.data.reduce(
    (most, value, i) => Math.max(most, Math.abs(values[i]! - value)),
    0,
  );
  const scale = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(distance / scale).toBeLessThan(TOLERANCE);
}
