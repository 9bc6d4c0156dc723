/**
 * A method that learns from samples: what it does with them, wherever they are computed.
 *
 * What is learnt from a sample are plain numbers, so that other workers may have computed it, and
 * the map does not depend on who has.
 *
 * Letters: r rows, m explained classes per image.
 */
import { tensor, tidy, unstack } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Task } from '../run/task.js';

/** The samples of even numbers, or those of odd numbers. */
export type Half = 0 | 1;

export interface Sampler {
  /** How many samples there are at the most: fewer than wanted, if those are all there can be. */
  readonly total: number;
  /** How many samples fit into one pass, at least 1. */
  readonly samplesPerPass: number;
  /** The shape of the maps: [m, r, ...]. */
  readonly shape: readonly [number, number, ...number[]];
  /** Computes what is learnt from samples `first` ... `first + count - 1`. */
  sample(first: number, count: number): Task<Float32Array>;
  /** Adds what was learnt; samples are added in the order of their numbers. */
  add(first: number, count: number, learnt: Float32Array): void;
  /**
   * Makes the maps of the samples so far, [m, r, ...].
   * @param half of one half only; undefined if that is too small
   */
  map(half?: Half): Float64Array | undefined;
  dispose(): void;
}

/** Makes the maps as m tensors [r, ...]. */
export function mapsOf(sampler: Sampler): Tensor[] {
  return tidy(() => unstack(tensor(Float32Array.from(sampler.map()!), [...sampler.shape])));
}

/** Finds the half of a sample, where `together` neighbours are not independent. */
export const halfOf = (sample: number, together = 1): Half =>
  (Math.floor(sample / together) % 2) as Half;
