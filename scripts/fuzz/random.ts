import { Random } from '../../src/random/random.js';

/** Draws by which a target makes its inputs; the same seed draws the same. */
export interface Draw {
  /** Between 0 and 1. */
  number(): number;
  /** In 0..below - 1. */
  integer(below: number): number;
  pick<T>(items: readonly T[]): T;
  chance(probability: number): boolean;
}

export function drawFrom(seed: number): Draw {
  const random = new Random(seed, 0);
  const number = (): number => random.uniform();
  const integer = (below: number): number => Math.floor(number() * below);
  return {
    number,
    integer,
    pick: (items) => items[integer(items.length)]!,
    chance: (probability) => number() < probability,
  };
}
