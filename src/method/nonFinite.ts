/** Numbers that are not finite are reported, never averaged in silence. */
import {
  all,
  engine,
  isFinite,
  logicalNot,
  max,
  reshape,
  tensor1d,
  tidy,
  where,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { GradientError } from '../gradient/gradientError.js';
import { toBeNamed } from '../inFunction.js';

/**
 * Tells whether numbers can be read synchronously: not on webgpu.
 *
 * There tfjs warns, and a software GPU is lost. Results of synchronous functions keep their NaN
 * there, which no mean hides.
 */
export const canReadSync = (): boolean => engine().backendName !== 'webgpu';

/** @throws GradientError if `map` has a NaN or an infinite number, where it can be read */
export function checkFiniteSync(map: Tensor): void {
  if (!canReadSync() || tidy(() => all(isFinite(map))).dataSync()[0] === 1) return;
  throw nonFiniteError('');
}

/** @throws GradientError (as a rejection) if `map` has a NaN or an infinite number */
export async function checkFinite(map: Tensor): Promise<void> {
  const isAllFinite = tidy(() => all(isFinite(map)));
  try {
    if ((await isAllFinite.data())[0] !== 1) throw nonFiniteError('');
  } finally {
    isAllFinite.dispose();
  }
}

/** Makes the error of a score or gradient that is not finite; `where` names the sample. */
export function nonFiniteError(where: string): GradientError {
  return toBeNamed(
    new GradientError(
      `the score or its gradient is NaN or infinite${where}; check the input's scale and the ` +
        `model's weights, and for a score function whether it divides by zero or takes the ` +
        `logarithm of zero`,
    ),
  );
}

/**
 * Computes the scalar 1 / (1 + i) for the first sample i that is not finite, else 0.
 *
 * The index itself would need infinity for "none", which half floats of some GPUs lack.
 */
export function firstNonFinite(chunk: Tensor, samples: readonly number[]): Tensor {
  return tidy(() => {
    const bad = logicalNot(all(isFinite(reshape(chunk, [samples.length, -1])), 1));
    const firsts = where(bad, tensor1d(samples.map((sample) => 1 / (1 + sample))), 0);
    return samples.length === 1 ? reshape(firsts, []) : max(firsts);
  });
}

/** Decodes the number of the sample that `firstNonFinite` has found; Infinity for none. */
export const sampleOf = (reciprocal: number): number => Math.round(1 / reciprocal - 1);
