/**
 * Custom attribution functions as methods, which smoothing can be applied to.
 *
 * Letters: n images, m explained classes per image, r rows of a batch; row i belongs to image i %
 * n.
 */
import { reshape, tidy, unstack } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { isTensor, wrongType } from '../checks.js';
import type { Model } from '../model/model.js';
import type { ClassIndex } from '../score/classIndex.js';
import type { Context } from './context.js';
import type { Method } from './defineMethod.js';

/**
 * Computes an attribution; any function of this form can be smoothed. It gets a batch [r, ...] of
 * noisy inputs in the model's own scale, and the class index for it as {@link ClassIndex} has it;
 * it returns one attribution per row, [r, ...], or [m, r, ...] if classes were given as lists. The
 * library frees its result.
 */
export type AttributionFunction<Options extends object> = (
  model: Model,
  input: Tensor,
  classIndex: ClassIndex,
  options?: Options,
) => Tensor;

/**
 * Makes a method of a function.
 * @param reserved the names of the options that are not passed on to the function
 */
export function customMethod<Options extends object>(
  attribution: AttributionFunction<Options>,
  reserved: readonly string[],
): Method {
  const name = attribution.name === '' ? 'attribution' : attribution.name;
  const attribute = (context: Context, rows: Tensor, options: object): Tensor[] => {
    const count = rows.shape[0]!;
    const classIndex = classIndexOfRows(context, count);
    const value: unknown = attribution(context.model, rows, classIndex, options as Options);
    const leading = isListed(classIndex) ? [context.classes, count] : [count];
    if (!isTensor(value) || leading.some((length, axis) => value.shape[axis] !== length)) {
      const expected = `a tensor of shape [${leading.join(', ')}, ...]`;
      throw wrongType("the attribution's value", expected, value);
    }
    // A new tensor, because the function may return one that it keeps.
    return isListed(classIndex) ? unstack(value) : [reshape(value, value.shape)];
  };
  return {
    name,
    group: 'gradient',
    options: undefined,
    readOptions: (options) =>
      Object.fromEntries(Object.entries(options).filter(([option]) => !reserved.includes(option))),
    // To a custom function, `score` may mean anything.
    withDefaults: (options) => ({ ...options, score: undefined }),
    inputsPerImage: () => 1,
    // eslint-disable-next-line require-yield -- what the function does, it does at once
    *attribute(context, rows, options) {
      return tidy(() => attribute(context, rows, options));
    },
  };
}

/** Repeats the class index of n images for r rows. */
function classIndexOfRows(context: Context, rows: number): ClassIndex {
  const perImage = context.argmaxPerRow ? context.classIndex : context.resolvedClassIndex();
  if (!Array.isArray(perImage)) return perImage;
  return Array.from({ length: rows }, (_, row) => perImage[row % context.images] as number);
}

const isListed = (classIndex: ClassIndex): boolean =>
  Array.isArray(classIndex) && Array.isArray(classIndex[0]);
