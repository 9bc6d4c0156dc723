/**
 * Which class is explained, as weights over the model's outputs: the score that is differentiated
 * is the weighted sum of the classes' scores. One class is a one-hot row, a difference of two has a
 * 1 and a -1.
 *
 * Letters: n images, k outputs of the model, m explained classes per image.
 */
import { argMax, cast, oneHot, onesLike, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { isBag, outOfRange, wrongType } from '../arguments.js';

/**
 * - a class index, for all images
 * - an array of class indices, one per image
 * - an array of lists of class indices, one list per image, all of length m: each pass is shared
 *   between the m classes, and the result gets a leading axis of m
 * - `{ for, against }`: the difference of two classes' scores, what speaks for the one and against
 *   the other
 * - `'argmax'`: the class with the greatest output for the clean input
 */
export type ClassIndex =
  | number
  | readonly number[]
  | readonly (readonly number[])[]
  | { readonly for: number; readonly against: number }
  | 'argmax';

/** One class and its weight in the score. */
export interface Term {
  readonly index: number;
  readonly weight: number;
}

/** The terms of each explained class and image: [m][n] lists of terms. */
export type Terms = readonly (readonly (readonly Term[])[])[];

export interface Target {
  /** Undefined for 'argmax'. */
  readonly terms: Terms | undefined;
  /** m */
  readonly classes: number;
  /** Whether classes were given as lists, so that the result gets a leading axis. */
  readonly listed: boolean;
}

/** @throws TypeError or RangeError for a `classIndex` that is none */
export function toTarget(caller: string, classIndex: unknown, images: number): Target {
  if (classIndex === 'argmax') return { terms: undefined, classes: 1, listed: false };
  const one = (index: unknown): readonly Term[] => [
    { index: checkIndex(caller, classIndex, index), weight: 1 },
  ];
  if (Array.isArray(classIndex)) {
    const perImage = classIndex as unknown[];
    if (perImage.length !== images) {
      throw outOfRange(
        caller,
        'classIndex',
        `one class index (or list of them) for each of the ${images} images`,
        classIndex,
      );
    }
    if (!perImage.some(Array.isArray))
      return { terms: [perImage.map(one)], classes: 1, listed: false };
    const lists = perImage as unknown[][];
    const classes = Array.isArray(lists[0]) ? lists[0].length : 0;
    if (classes === 0 || lists.some((list) => !Array.isArray(list) || list.length !== classes)) {
      throw outOfRange(
        caller,
        'classIndex',
        'lists of the same number of classes, at least one',
        classIndex,
      );
    }
    return {
      terms: Array.from({ length: classes }, (_, m) => lists.map((list) => one(list[m]))),
      classes,
      listed: true,
    };
  }
  const terms = isBag(classIndex) ? difference(caller, classIndex) : one(classIndex);
  return { terms: [Array.from({ length: images }, () => terms)], classes: 1, listed: false };
}

function difference(caller: string, classIndex: object): readonly Term[] {
  const { for: speaksFor, against, ...rest } = classIndex as Record<string, unknown>;
  if (Object.keys(rest).length > 0) throw wrongType(caller, 'classIndex', EXPECTED, classIndex);
  const terms = [
    { index: checkIndex(caller, classIndex, speaksFor), weight: 1 },
    { index: checkIndex(caller, classIndex, against), weight: -1 },
  ];
  if (speaksFor === against) {
    throw outOfRange(caller, 'classIndex', 'two different classes, for and against', speaksFor);
  }
  return terms;
}

const EXPECTED =
  "a class index, an array of one (or of a list) per image, { for, against } or 'argmax'";

function checkIndex(caller: string, classIndex: unknown, index: unknown): number {
  if (typeof index !== 'number') throw wrongType(caller, 'classIndex', EXPECTED, classIndex);
  if (!Number.isInteger(index) || index < 0)
    throw outOfRange(caller, 'classIndex', 'an integer >= 0', index);
  return index;
}

/** @throws RangeError for a class that the model does not have */
export function checkClassCount(caller: string, { terms = [] }: Target, classCount: number): void {
  for (const { index } of terms.flat(2)) {
    if (index < classCount) continue;
    throw outOfRange(caller, 'classIndex', `less than the model's ${classCount} outputs`, index);
  }
}

/** The weights of each row's terms: [rows, k]. */
export function weightsOf(rows: readonly (readonly Term[])[], classCount: number): Tensor2D {
  const weights = new Float32Array(rows.length * classCount);
  for (const [row, terms] of rows.entries()) {
    for (const { index, weight } of terms) weights[row * classCount + index] = weight;
  }
  return tensor2d(weights, [rows.length, classCount]);
}

/** [n, k] outputs -> [n, k] weights, 1 at each row's greatest output. */
export function oneHotOfGreatest(outputs: Tensor2D): Tensor2D {
  const [, classCount] = outputs.shape;
  if (classCount === 1) return onesLike(outputs); // tf.oneHot refuses a depth of 1
  return tidy(
    () => cast(oneHot(argMax(outputs, 1) as Tensor1D, classCount), 'float32') as Tensor2D,
  );
}
