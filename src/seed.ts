/** Seeds of random numbers: whole numbers that leave room for a sample's number beside them. */
import { outOfRange, wrongType } from './checks.js';

/** Limits of seeds and samples: seed * SAMPLES + sample + 1 stays an exact number. */
export const SEEDS = 2 ** 32;
export const SAMPLES = 2 ** 20;

export function checkSeed(argument: string, seed: unknown): asserts seed is number {
  const expected = `an integer from 0 to ${SEEDS - 1}`;
  if (typeof seed !== 'number') throw wrongType(argument, expected, seed);
  if (!Number.isInteger(seed) || seed < 0 || seed >= SEEDS) {
    throw outOfRange(argument, expected, seed);
  }
}

/** Draws a seed for a run without one. */
export const randomSeed = (): number => Math.floor(Math.random() * SEEDS);
