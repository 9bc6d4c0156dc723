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

/**
 * Whether numbers can be looked at without waiting. Not on webgpu: tfjs warns of it there, and on a
 * software GPU the device is lost by it. What the synchronous functions compute there keeps its
 * NaN, which no mean hides.
 */
export const canReadNow = (): boolean => engine().backendName !== 'webgpu';

/** @throws GradientError if `map` has a NaN or an infinite number, where it can be read */
export function checkFinite(caller: string, map: Tensor): void {
  if (!canReadNow() || tidy(() => all(isFinite(map))).dataSync()[0] === 1) return;
  throw notFinite(caller, '');
}

/** The error of a score or gradient that is not finite; `where` says at which sample. */
export function notFinite(caller: string, where: string): GradientError {
  return new GradientError(
    `${caller}: the score or its gradient is NaN or infinite${where}; check the input's scale and the model's weights, ` +
      `and for a score function whether it divides by zero or takes the logarithm of zero`,
  );
}

/**
 * 1 / (1 + i) for the first sample i that is not finite, as a scalar; 0 if there is none. Half
 * floats, which some GPUs compute with, hold no infinity to stand for that.
 */
export function firstUnfinite(chunk: Tensor, samples: readonly number[]): Tensor {
  return tidy(() => {
    const bad = logicalNot(all(isFinite(reshape(chunk, [samples.length, -1])), 1));
    return max(where(bad, tensor1d(samples.map((sample) => 1 / (1 + sample))), 0));
  });
}

/** The number of the sample that `firstUnfinite` has found; Infinity for none. */
export const sampleOf = (reciprocal: number): number => Math.round(1 / reciprocal - 1);
