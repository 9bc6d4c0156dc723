/**
 * An attribution function of the user's own, as a method that smoothing can go around.
 *
 * Letters: n images, m explained classes per image, r rows of a batch; row i belongs to image i %
 * n.
 */
import { reshape, tidy, unstack } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { isTensor, wrongType } from '../arguments.js';
import type { Model } from '../model/model.js';
import type { ClassIndex } from '../target/classIndex.js';
import type { Subject } from './arguments.js';
import type { Method } from './method.js';

/**
 * An attribution function of any origin. It gets a batch [r, ...] of noisy inputs in the model's
 * own scale, and the class index for it as {@link ClassIndex} has it; it returns one attribution
 * per row, [r, ...], or [m, r, ...] if classes were given as lists. What it makes is freed for it.
 */
export type AttributionFunction<Options extends object> = (
  model: Model,
  input: Tensor,
  classIndex: ClassIndex,
  options?: Options,
) => Tensor;

export function foreignMethod<Options extends object>(
  attribution: AttributionFunction<Options>,
): Method<Options> {
  return {
    name: attribution.name === '' ? 'attribution' : attribution.name,
    options: undefined,
    prepare(caller, options, taken) {
      // The preset has been applied to what the function gets.
      const passedOn = Object.entries(options).filter(
        ([name]) => name !== 'preprocess' && !taken.includes(name),
      );
      const attribute = (subject: Subject, rows: Tensor): Tensor[] => {
        const classIndex = classIndexOfRows(subject, rows.shape[0]!);
        const value: unknown = attribution(
          subject.model,
          rows,
          classIndex,
          Object.fromEntries(passedOn) as Options,
        );
        const leading = isListed(classIndex) ? [subject.classes, rows.shape[0]!] : [rows.shape[0]!];
        if (!isTensor(value) || leading.some((length, axis) => value.shape[axis] !== length)) {
          throw wrongType(
            caller,
            "the attribution's value",
            `a tensor of shape [${leading.join(', ')}, ...]`,
            value,
          );
        }
        // A tensor of our own, because the function may return one that it keeps.
        return isListed(classIndex) ? unstack(value) : [reshape(value, value.shape)];
      };
      // eslint-disable-next-line require-yield -- what the function does, it does at once
      return function* (subject, rows) {
        return tidy(() => attribute(subject, rows));
      };
    },
  };
}

/** What the caller gave for n images, for r rows. */
function classIndexOfRows({ classIndex, images, gradient }: Subject, rows: number): ClassIndex {
  const perImage = classIndex === 'argmax' ? (gradient.fixedClasses() ?? classIndex) : classIndex;
  if (!Array.isArray(perImage)) return perImage;
  return Array.from({ length: rows }, (_, row) => perImage[row % images] as number);
}

const isListed = (classIndex: ClassIndex): boolean =>
  Array.isArray(classIndex) && Array.isArray(classIndex[0]);
