/** Seeds of random numbers. */
import { outOfRange, wrongType } from './checks.js';

/** How many seeds there are, and how many samples a run has at the most. */
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
