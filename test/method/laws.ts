/** Laws that hold for any model, tried on random networks and images. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';

import type { SmoothGradOptions } from 'tfjs-saliency';

const FEATURES = 6;
export const CLASSES = 4;

/** Smooth, so that rounding can flip no kink: [n, ...] of any shape -> [n, 4] logits. */
export const network = (seed: number) => (x: tf.Tensor) =>
  tf.tidy(() => {
    const weights = (shape: [number, number], nth: number) =>
      tf.randomNormal(shape, 0, 0.7, 'float32', 10 * seed + nth);
    const rows = tf.reshape(x, [x.shape[0]!, -1]) as tf.Tensor2D;
    const hidden = tf.tanh(tf.matMul(rows, weights([rows.shape[1], 8], 1) as tf.Tensor2D));
    return tf.matMul(hidden as tf.Tensor2D, weights([8, CLASSES], 2) as tf.Tensor2D);
  });

export const seeds = fc.integer({ min: 1, max: 2 ** 30 });
export const classes = fc.integer({ min: 0, max: CLASSES - 1 });
export const counts = fc.integer({ min: 1, max: 5 });
export const factors = fc.integer({ min: -8, max: 8 }).map((each) => each / 2);
export const images = (count: number, seed: number, shape: number[] = [FEATURES]) =>
  tf.randomUniform([count, ...shape], -1, 1, 'float32', seed);
export const TOLERANCE = 1e-5;

/** In a tidy, with the same random cases each time. */
export function always<Args extends [unknown, ...unknown[]]>(
  arbitraries: { [I in keyof Args]: fc.Arbitrary<Args[I]> },
  law: (...args: Args) => void,
  numRuns = 25,
): void {
  const property = fc.property(...arbitraries, (...args: Args) => {
    tf.tidy(() => {
      law(...args);
    });
  });
  fc.assert(property, { seed: 1, numRuns });
}

/** Of an even number of samples, so that they may be antithetic. */
export const options = fc.record<SmoothGradOptions>({
  samples: fc.integer({ min: 1, max: 6 }).map((half) => 2 * half),
  stdDev: fc.constantFrom(0.1, 0.5, 1),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  antithetic: fc.boolean(),
  noise: fc.constantFrom('gaussian', 'uniform'),
  batchSize: fc.integer({ min: 1, max: 9 }),
});
