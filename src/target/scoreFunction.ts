/**
 * A score function of the user's own, which is recorded as a part of the model.
 *
 * Letters: k outputs of the model, m explained classes per image, r rows of the batch.
 */
import {
  add,
  argMax,
  fill,
  mul,
  reshape,
  split,
  stack,
  tensor1d,
  tensor2d,
} from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { isTensor, wrongType } from '../arguments.js';
import type { Record } from '../gradient/record.js';
import type { Seed } from '../gradient/walk.js';
import { checkClassCount } from './classIndex.js';
import { weightsFor } from './rowTarget.js';
import type { RowTarget } from './rowTarget.js';
import type { ScoreFunction } from './score.js';

/** The function's values for each explained class: [m, r]. */
export function functionScores(
  score: ScoreFunction,
  outputs: Tensor2D,
  rowTarget: RowTarget,
): Tensor {
  const { caller, target, imageOf } = rowTarget;
  const valueOf = (classes: Tensor1D): Tensor => {
    const value: unknown = score(outputs, classes);
    const rows = imageOf.length;
    if (isTensor(value) && value.rank === 1 && value.size === rows) return value;
    // One number for the whole batch: each row has an equal share, and their sum is differentiated.
    if (isTensor(value) && value.rank === 0) return mul(value, fill([rows], 1 / rows));
    throw wrongType(
      caller,
      "the score function's value",
      `a tensor of shape [${rows}] or []`,
      value,
    );
  };
  const { terms } = target;
  if (terms === undefined) return stack([valueOf(argMax(weightsFor(outputs, rowTarget)[0]!, 1))]);
  checkClassCount(caller, target, outputs.shape[1]);
  const scores = terms.map((perImage) =>
    perImage[0]!
      .map(({ weight }, term) => {
        const classes = imageOf.map((image) => perImage[image]![term]!.index);
        return mul(valueOf(tensor1d(classes, 'int32')), weight);
      })
      .reduce((total, value) => add(total, value)),
  );
  return stack(scores);
}

/** [m, r] -> m tensors [r]. */
export function perClass(scores: Tensor, { imageOf }: RowTarget): Tensor[] {
  return split(scores, scores.shape[0]!).map((row) => reshape(row, [imageOf.length]));
}

/** Each explained class' score is one row of the record's output [m, r]. */
export function functionSeeds({ outputId }: Record, { target, imageOf }: RowTarget): Seed[] {
  const shape: [number, number] = [target.classes, imageOf.length];
  return Array.from({ length: target.classes }, (_, chosen) => {
    const ones = Float32Array.from({ length: shape[0] * shape[1] }, (_, i) =>
      Math.floor(i / shape[1]) === chosen ? 1 : 0,
    );
    return { tensorId: outputId, gradient: tensor2d(ones, shape) };
  });
}
