/**
 * The explained class, as weights over the model's outputs.
 *
 * The score is the weighted sum of the classes' scores. One class is a one-hot row, a difference of
 * two has a 1 and a -1, and evidence against a class has a -1.
 *
 * Letters: n images, k outputs of the model, m explained classes per image.
 */
import { tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { isBag, outOfRange, wrongType } from '../checks.js';

/**
 * - a class index, for all images
 * - an array of class indices, one per image
 * - an array of lists of class indices, one list per image, all of length m: each pass is shared
 *   between the m classes, and the result gets a leading axis of m
 * - `{ for, against }`: the difference of two classes' scores: evidence for one and against the
 *   other
 * - `{ against }`: evidence against a class: minus its score, and for `'logProbability'` of a
 *   model with one sigmoid output the logarithm of 1 - p, which is its "no"
 * - `'argmax'`: the class with the greatest output for the clean input; of a single sigmoid output
 *   its "no", `{ against: 0 }`, where that output is below 0.5
 */
export type ClassIndex =
  | number
  | readonly number[]
  | readonly (readonly number[])[]
  | { readonly for?: number; readonly against: number }
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
  readonly isListed: boolean;
}

const EXPECTED =
  "a class index, an array of one (or of a list) per image, { for, against }, { against } or 'argmax'";

/**
 * Reads a class index.
 * @throws TypeError or RangeError for one that is none
 */
export function toTarget(classIndex: unknown, images: number): Target {
  if (classIndex === 'argmax') return { terms: undefined, classes: 1, isListed: false };
  if (Array.isArray(classIndex)) return perImageTarget(classIndex as unknown[], images);
  const terms = isBag(classIndex) ? signedTerms(classIndex) : [termOf(classIndex, classIndex)];
  return { terms: [Array.from({ length: images }, () => terms)], classes: 1, isListed: false };
}

function perImageTarget(classIndex: unknown[], images: number): Target {
  if (classIndex.length !== images) {
    const expected = `one class index (or list of them) for each of the ${images} images`;
    throw outOfRange('classIndex', expected, classIndex);
  }
  const one = (index: unknown): readonly Term[] => [termOf(index, classIndex)];
  if (!classIndex.some(Array.isArray)) {
    return { terms: [classIndex.map(one)], classes: 1, isListed: false };
  }
  const lists = classIndex as unknown[][];
  const classes = Array.isArray(lists[0]) ? lists[0].length : 0;
  if (classes === 0 || lists.some((list) => !Array.isArray(list) || list.length !== classes)) {
    throw outOfRange('classIndex', 'lists of the same number of classes, at least one', classIndex);
  }
  const terms = Array.from({ length: classes }, (_, m) => lists.map((list) => one(list[m])));
  return { terms, classes, isListed: true };
}

function signedTerms(classIndex: object): readonly Term[] {
  const { for: chosen, against, ...rest } = classIndex as Record<string, unknown>;
  if (Object.keys(rest).length > 0) throw wrongType('classIndex', EXPECTED, classIndex);
  const minus = { ...termOf(against, classIndex), weight: -1 };
  if (chosen === undefined) return [minus];
  if (chosen === against) {
    throw outOfRange('classIndex', 'two different classes, for and against', chosen);
  }
  return [termOf(chosen, classIndex), minus];
}

function termOf(index: unknown, classIndex: unknown): Term {
  if (typeof index !== 'number') throw wrongType('classIndex', EXPECTED, classIndex);
  if (!Number.isInteger(index) || index < 0) {
    throw outOfRange('classIndex', 'an integer >= 0', index);
  }
  return { index, weight: 1 };
}

/** @throws RangeError for a class that the model does not have */
export function checkClassCount({ terms = [] }: Target, classCount: number): void {
  for (const { index } of terms.flat(2)) {
    if (index < classCount) continue;
    throw outOfRange('classIndex', `less than the model's ${classCount} outputs`, index);
  }
}

/** Spreads each row's terms to weights, [rows, k]. */
export function weightsOf(rows: readonly (readonly Term[])[], classCount: number): Tensor2D {
  const weights = new Float32Array(rows.length * classCount);
  for (const [row, terms] of rows.entries()) {
    for (const { index, weight } of terms) weights[row * classCount + index] = weight;
  }
  return tensor2d(weights, [rows.length, classCount]);
}
