/** Draws by which a target makes its inputs; the same seed draws the same. */
export interface Draw {
  /** In [0, 1). */
  number(): number;
  /** In 0..below - 1. */
  integer(below: number): number;
  pick<T>(items: readonly T[]): T;
  chance(probability: number): boolean;
}

/** Mulberry32: small, and good enough to choose inputs. */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  const number = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (below: number): number => Math.floor(number() * below);
  return {
    number,
    integer,
    pick: (items) => items[integer(items.length)]!,
    chance: (probability) => number() < probability,
  };
}
