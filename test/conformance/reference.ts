/**
 * The gradient as it should be, by central differences: on the cpu backend, whatever backend is
 * judged.
 */
import * as tf from '@tensorflow/tfjs-core';
import { random } from './case.js';
import type { Case } from './case.js';

export interface Reference {
  readonly outputs: Float32Array;
  /** The score is the sum of the outputs times these. */
  readonly weights: Float32Array;
  readonly gradient: Float64Array;
  /**
   * How far the differences of two step widths are from each other, relative to the greatest: a
   * kink shows here.
   */
  readonly doubt: number;
}

const STEP = 1 / 256;

/** Leaves the cpu backend active. */
export async function referenceOf(row: Case): Promise<Reference> {
  await tf.setBackend('cpu');
  return differencesOf(row, row.onCpu);
}

/**
 * Differences of `f`, which is the row's or the same in other ops, on the backend that is active.
 */
export async function differencesOf(row: Case, f: Case['f']): Promise<Reference> {
  const outputs = await outputsAt(row, f, row.values);
  const weights = random(outputs.length, 5);
  if (row.closedForm !== undefined) {
    return { outputs, weights, gradient: Float64Array.from(row.closedForm(weights)), doubt: 0 };
  }
  const near = new Float64Array(row.values.length);
  const far = new Float64Array(row.values.length);
  for (const i of row.values.keys()) {
    near[i] = await difference(row, f, weights, i, STEP);
    far[i] = await difference(row, f, weights, i, 2 * STEP);
  }
  // Richardson's extrapolation takes the error of second order away.
  const gradient = near.map((slope, i) => slope + (slope - far[i]!) / 3);
  const steepest = greatest(near);
  const doubt =
    steepest === 0 ? greatest(far) : greatest(near.map((slope, i) => slope - far[i]!)) / steepest;
  return { outputs, weights, gradient, doubt };
}

/** The central difference of the score by number `i`. */
async function difference(
  row: Case,
  f: Case['f'],
  weights: Float32Array,
  i: number,
  step: number,
): Promise<number> {
  const [above, below] = [row.values.slice(), row.values.slice()];
  above[i]! += step;
  below[i]! -= step;
  const distance = above[i]! - below[i]!;
  const [outputsAbove, outputsBelow] = [
    await outputsAt(row, f, above),
    await outputsAt(row, f, below),
  ];
  // Subtracted before they are summed, in double precision: most outputs do not depend on number i
  // at all.
  return (
    weights.reduce((sum, weight, k) => sum + weight * (outputsAbove[k]! - outputsBelow[k]!), 0) /
    distance
  );
}

export const greatest = (numbers: ArrayLike<number>): number =>
  Array.from(numbers).reduce((most, number) => Math.max(most, Math.abs(number)), 0);

async function outputsAt(
  { shape }: Case,
  f: Case['f'],
  values: Float32Array,
): Promise<Float32Array> {
  // A copy: the cpu's TensorScatterUpdate writes into its input.
  const outputs = tf.tidy(() => f(tf.tensor(values.slice(), [...shape])));
  const numbers = Float32Array.from(await outputs.data());
  outputs.dispose();
  return numbers;
}
