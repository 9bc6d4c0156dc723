/** Whether one way to a gradient is right on the backend that is active. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Case } from './case.js';
import { differencesOf, greatest } from './reference.js';
import type { Reference } from './reference.js';

/**
 * The greatest difference from the reference that is right, relative to the reference's greatest
 * number.
 */
export const TOLERANCE = 1e-3;

export interface Verdict {
  /**
   * 'forward differs': the op itself gives other numbers here than on the cpu, and the gradient is
   * not theirs.
   */
  readonly state: 'right' | 'wrong' | 'throws' | 'no forward' | 'forward differs';
  /** Relative, where numbers came out. */
  readonly error?: number;
  /** What was thrown. */
  readonly message?: string;
  /**
   * Whether the reference had to be made on this backend, since the op gives other numbers here
   * than on the cpu.
   */
  readonly ownForward?: boolean;
}

export type GradientOf = (f: Case['f'], x: Tensor, dy: Tensor) => Tensor;

export async function judge(row: Case, onCpu: Reference, gradientOf: GradientOf): Promise<Verdict> {
  const forward = await attempt(row, row.f);
  if ('message' in forward) return { state: 'no forward', message: forward.message };
  const ownForward = !(relativeError(forward.numbers, onCpu.outputs) <= TOLERANCE);
  const reference = ownForward ? await differencesOf(row, row.f) : onCpu;

  const backward = await attempt(row, (x) => {
    const { shape } = tf.tidy(() => row.f(x));
    return gradientOf(row.f, x, tf.tensor(reference.weights, shape));
  });
  if ('message' in backward) return { state: 'throws', message: backward.message, ownForward };
  const error = relativeError(backward.numbers, reference.gradient);
  if (error <= TOLERANCE) return { state: 'right', error, ownForward };
  return { state: ownForward ? 'forward differs' : 'wrong', error, ownForward };
}

async function attempt(
  { shape, values }: Case,
  run: Case['f'],
): Promise<{ numbers: Float32Array } | { message: string }> {
  try {
    const result = tf.tidy(() => run(tf.tensor(values.slice(), [...shape])));
    const numbers = Float32Array.from(await result.data());
    result.dispose();
    return { numbers };
  } catch (error) {
    return { message: (error as Error).message };
  }
}

/** NaN, where there is a NaN or the number of numbers differs, is no error that passes. */
function relativeError(numbers: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (numbers.length !== expected.length) return NaN;
  const differences = Array.from(numbers, (number, i) => Math.abs(number - expected[i]!));
  if (differences.some(Number.isNaN)) return NaN;
  const scale = greatest(expected);
  return greatest(differences) / (scale === 0 ? 1 : scale);
}
