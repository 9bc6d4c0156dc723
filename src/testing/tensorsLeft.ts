import { memory } from '@tensorflow/tfjs-core';
import { checkFunction } from '../checks.js';
import { inFunction } from '../inFunction.js';

/**
 * Counts the tensors that a function leaves: 0 for one that frees all it makes.
 *
 * Tensors that it returns are left, too. Nothing else may run meanwhile.
 *
 * @returns a number, or a promise of one if the function returns a promise
 */
export function tensorsLeft(run: () => Promise<unknown>): Promise<number>;
export function tensorsLeft(run: () => unknown): number;
export function tensorsLeft(run: () => unknown): number | Promise<number> {
  return inFunction('tensorsLeft', () => {
    checkFunction('run', run);
    const before = memory().numTensors;
    const left = (): number => memory().numTensors - before;
    const result = run();
    return result instanceof Promise ? result.then(left) : left();
  });
}
