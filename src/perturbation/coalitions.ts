/**
 * Which segments a sample keeps: in pairs of a coalition and its complement, or all there are.
 *
 * Letters: d segments.
 */
import { permutation } from '../random/permutation.js';
import { uniformNumbers } from '../random/uniform.js';

/** A coalition: 1 for each segment that is kept, else 0. */
export type Coalition = Uint8Array;

export interface Coalitions {
  /** How many samples there are; a later one is no coalition. */
  readonly count: number;
  /** Whether every coalition is there, once. */
  readonly isEverySubset: boolean;
  of(sample: number): Coalition;
}

export interface CoalitionOptions {
  readonly segments: number;
  readonly samples: number;
  readonly seed: number;
  /** Whether the empty and the full coalition are among them. */
  readonly withEnds: boolean;
  /** Draws how many segments the first of a pair keeps. */
  readonly drawSize: (random: () => number) => number;
}

/** Draws the coalitions of a run, or lists all in random order where those are no more. */
export function coalitionsOf(options: CoalitionOptions): Coalitions {
  const { segments, samples, seed, withEnds, drawSize } = options;
  const subsets = 2 ** segments - (withEnds ? 0 : 2);
  if (subsets <= samples) {
    const order = permutation(subsets / 2, uniformNumbers(seed, 0));
    return {
      count: subsets,
      isEverySubset: true,
      of(sample) {
        const number = order[sample >> 1]! + (withEnds ? 0 : 1);
        const kept = Uint8Array.from({ length: segments }, (_, i) => (number >> i) & 1);
        return sample % 2 === 0 ? kept : complement(kept);
      },
    };
  }
  return {
    count: samples,
    isEverySubset: false,
    of(sample) {
      const random = uniformNumbers(seed, sample >> 1);
      const size = drawSize(random);
      const kept = new Uint8Array(segments);
      for (const segment of permutation(segments, random).subarray(0, size)) kept[segment] = 1;
      return sample % 2 === 0 ? kept : complement(kept);
    },
  };
}

const complement = (coalition: Coalition): Coalition => coalition.map((kept) => 1 - kept);

export const sizeOf = (coalition: Coalition): number =>
  coalition.reduce((size, kept) => size + kept, 0);
