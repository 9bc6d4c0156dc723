// Oracle: problems whose converged map, and whose map's correlation with it after N samples, are
// known in closed form.
import * as tf from '@tensorflow/tfjs-core';
import type { SmoothGradStepsOptions } from 'tfjs-saliency';
import { smoothGradSteps } from 'tfjs-saliency';
import { describeOnWasm } from '../backends.js';

const PIXELS = 10_000;
const PI = Math.PI;
/** What differs from pixel to pixel, of mean 0 and deviation 1. */
let numbers: Float32Array;
const a = () => tf.tensor1d(numbers);

/**
 * Of the map's numbers over the pixels, the variance of the truth and, of one sample, that of the
 * noise.
 */
const correlation = (truth: number, noise: number, samples: number) =>
  Math.sqrt(truth / (truth + noise / samples));

interface Problem {
  model: (x: tf.Tensor) => tf.Tensor;
  options: SmoothGradStepsOptions;
  /** The converged map, but for a constant and a factor. */
  truth: () => tf.Tensor;
  /** The correlation of the map of N samples with it. */
  expected: (samples: number) => number;
}

const sumOf = (pixels: tf.Tensor) => tf.sum(pixels, 1, true);
/** At x = e, of noise e with deviation 1, its gradient is a e. */
const scaled = (x: tf.Tensor) => sumOf(tf.mul(tf.square(x), tf.div(a(), 2)));
/** Its gradient is a / 2 + 2 e. */
const hidden = (x: tf.Tensor) => sumOf(tf.add(tf.mul(x, tf.div(a(), 2)), tf.square(x)));
/** Its gradient is a / 2 + 2 e + e^2, whose average over a pair is a / 2 + e^2. */
const curved = (x: tf.Tensor) => tf.add(hidden(x), sumOf(tf.div(tf.pow(x, 3), 3)));

const PROBLEMS: [string, Problem][] = [
  [
    'mean',
    { model: hidden, options: {}, truth: a, expected: (samples) => correlation(1 / 4, 4, samples) },
  ],
  [
    // E|a e| = |a| sqrt(2 / pi); over the pixels |a| has the variance 1 - 2 / pi, and of one sample
    // so has |e|.
    'meanAbs',
    {
      model: scaled,
      options: { statistic: 'meanAbs' },
      truth: () => tf.abs(a()),
      expected: (samples) => correlation((2 / PI) * (1 - 2 / PI), 1 - 2 / PI, samples),
    },
  ],
  [
    // E (a e)^2 = a^2, of variance 2; of one sample, 2 a^4, and E a^4 = 3.
    'meanSquare',
    {
      model: scaled,
      options: { statistic: 'meanSquare' },
      truth: () => tf.square(a()),
      expected: (samples) => correlation(2, 6, samples),
    },
  ],
  [
    // A sample's variance has one degree of freedom less.
    'variance',
    {
      model: scaled,
      options: { statistic: 'variance' },
      truth: () => tf.square(a()),
      expected: (samples) => correlation(2, 6, samples - 1),
    },
  ],
  [
    // Independent are the pairs, and e^2 has the variance 2.
    'mean of antithetic pairs',
    {
      model: curved,
      options: { antithetic: true },
      truth: a,
      expected: (samples) => correlation(1 / 4, 2, samples / 2),
    },
  ],
];

/** Pearson's, in float64. */
function correlationOf(x: tf.Tensor, y: tf.Tensor): number {
  const centred = (t: tf.Tensor) => {
    const values = Array.from(t.dataSync());
    const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
    return values.map((value) => value - mean);
  };
  const [u, v] = [centred(x), centred(y)];
  const inner = (p: number[], q: number[]) => p.reduce((sum, each, i) => sum + each * q[i]!, 0);
  return inner(u, v) / Math.sqrt(inner(u, u) * inner(v, v));
}

describeOnWasm(
  'reliability predicts the correlation with the converged map, and that is what it is',
  () => {
    beforeAll(() => {
      numbers = tf.randomNormal([PIXELS], 0, 1, 'float32', 7).dataSync() as Float32Array;
    });

    test.each(PROBLEMS)('of the %s', async (_, { model, options, truth, expected }) => {
      const all = { ...options, stdDev: 1, seed: 8, at: [16, 50] };
      const converged = truth();
      for await (const { map, reliability, done } of smoothGradSteps(
        model,
        tf.zeros([PIXELS]),
        0,
        all,
      )) {
        const oracle = expected(done);
        // So many pixels give a correlation to some 1 / sqrt(PIXELS) = 0.01, of which the root of a
        // small r keeps the most.
        expect(Math.abs(correlationOf(map, converged) - oracle)).toBeLessThan(0.03);
        expect(Math.abs(reliability - oracle)).toBeLessThan(0.04);
        map.dispose();
      }
    });
  },
);
