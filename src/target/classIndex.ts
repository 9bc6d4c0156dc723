/**
 * Which class is explained, as weights over the model's outputs: the score that is differentiated is the weighted sum of
 * the classes' scores. One class is a one-hot row.
 *
 * Letters: n images, k classes.
 */
import { argMax, cast, oneHot, reshape, tensor1d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { outOfRange, wrongType } from '../arguments.js';

/** A class index, one per image, or 'argmax': the class with the greatest output for the clean input. */
export type ClassIndex = number | readonly number[] | 'argmax';

export function checkClassIndex(caller: string, classIndex: unknown, images: number): asserts classIndex is ClassIndex {
  if (classIndex === 'argmax') return;
  const expected = "a class index, an array of one per image, or 'argmax'";
  const given = Array.isArray(classIndex) ? (classIndex as unknown[]) : [classIndex];
  for (const index of given) {
    if (typeof index !== 'number') throw wrongType(caller, 'classIndex', expected, classIndex);
    if (!Number.isInteger(index) || index < 0) {
      throw outOfRange(caller, 'classIndex', 'an integer >= 0', index);
    }
  }
  if (Array.isArray(classIndex) && classIndex.length !== images) {
    throw outOfRange(caller, 'classIndex', `one class index for each of the ${images} images`, classIndex);
  }
}

/** The one class index of each image. */
export function classPerImage(classIndex: number | readonly number[], images: number): readonly number[] {
  return typeof classIndex === 'number' ? Array.from({ length: images }, () => classIndex) : classIndex;
}

export function checkClassCount(caller: string, classes: readonly number[], classCount: number): void {
  for (const index of classes) {
    if (index < classCount) continue;
    throw outOfRange(caller, 'classIndex', `less than the model's ${classCount} outputs`, index);
  }
}

/** [n] class indices -> [n, k] weights. */
export function oneHotOf(classes: readonly number[], classCount: number): Tensor2D {
  return tidy(() => cast(oneHot(tensor1d([...classes], 'int32'), classCount), 'float32') as Tensor2D);
}

/** [n, k] outputs -> [n, k] weights, 1 at each row's greatest output. */
export function oneHotOfGreatest(outputs: Tensor): Tensor2D {
  return tidy(() => {
    const [n = 1, k = 1] = outputs.shape;
    return cast(oneHot(reshape(argMax(outputs, 1), [n]) as never, k), 'float32') as Tensor2D;
  });
}
