/** One row of the conformance table, and the fixed numbers that rows are made of. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

export interface Case {
  /** What the row is sorted under: tfjs's name of the kernel, mostly. */
  readonly op: string;
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly f: (x: Tensor) => Tensor;
  /** The same function in ops that the cpu backend has; mostly f itself. */
  readonly onCpu: (x: Tensor) => Tensor;
  /**
   * The gradient in closed form, where differences do not show it (ties, jumps), from the weights
   * of the outputs.
   */
  readonly closedForm: ((weights: Float32Array) => ArrayLike<number>) | undefined;
  /**
   * Axes that the sweep does not cut to length 1, though the op's forward pass takes it: a constant
   * of the row would be too long without a word, or a kink be in reach of the differences.
   */
  readonly uncut: readonly number[];
}

interface Options<T extends Tensor> {
  /** Instead of the values below. */
  values?: readonly number[];
  /** The range of the values; by default [-1.5, 1.5]. */
  range?: readonly [number, number];
  onCpu?: (x: T) => Tensor;
  closedForm?: Case['closedForm'];
  uncut?: Case['uncut'];
}

const SYMMETRIC: readonly [number, number] = [-1.5, 1.5];

/** [name, shape of x, f, options] */
export type Row<T extends Tensor> = [string, number[], (x: T) => Tensor, Options<T>?];

export function table<T extends Tensor = Tensor>(op: string, rows: Row<T>[]): Case[] {
  return rows.map(
    ([name, shape, f, { values, range = SYMMETRIC, onCpu = f, closedForm, uncut = [] } = {}]) => ({
      op,
      name,
      shape,
      values: Float32Array.from(values ?? spaced(tf.util.sizeFromShape(shape), range)),
      f: f as Case['f'],
      onCpu: onCpu as Case['f'],
      closedForm,
      uncut,
    }),
  );
}

/**
 * Evenly spaced numbers in a fixed disorder, so that no two are near each other, nor is one near 0:
 * maxima, comparisons and rectifiers then have no kink within a difference's reach.
 */
function spaced(count: number, [low, high]: readonly [number, number]): Float32Array {
  const order = random(count, count);
  const disordered = [...order.keys()].sort((i, j) => order[i]! - order[j]!);
  // A quarter of a step off the middle: with both parities of the count, 0 is at least that far.
  return Float32Array.from(disordered, (rank) => low + ((rank + 0.25) / count) * (high - low));
}

/** `count` numbers in [-1, 1), the same on every machine (mulberry32). */
export function random(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return (((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * 2 - 1;
  });
}

/** A constant of an op: a filter, a second operand. */
export function constant<R extends tf.Rank>(shape: tf.ShapeMap[R], seed = 7): Tensor<R> {
  return tf.tensor(random(tf.util.sizeFromShape(shape), seed), shape);
}

/** A constant in [0.5, 1.5), for what has to be positive. */
export const positive = (shape: number[], seed = 8): Tensor =>
  tf.add(tf.mul(constant(shape, seed), 0.5), 1);
