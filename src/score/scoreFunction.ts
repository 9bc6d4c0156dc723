/**
 * Score functions, which are recorded as a part of the model.
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
  square,
  stack,
  sum,
  tensor1d,
  tensor2d,
} from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { isTensor, wrongType } from '../checks.js';
import type { OutputGradient } from '../gradient/backward.js';
import type { Tape } from '../gradient/tape.js';
import { checkClassCount } from './classIndex.js';
import { weightsFor } from './rowTarget.js';
import type { RowTarget } from './rowTarget.js';
import type { ScoreFunction } from './score.js';

/** Computes the function's values for each explained class: [m, r]. */
export function functionScores(
  score: ScoreFunction,
  outputs: Tensor2D,
  rowTarget: RowTarget,
): Tensor {
  const { target, imageOf } = rowTarget;
  const rows = imageOf.length;
  const valueOf = (classes: Tensor1D): Tensor => {
    const value: unknown = score(outputs, classes);
    if (isTensor(value) && value.rank === 1 && value.size === rows) return value;
    // One number for the whole batch: each row has an equal share, and their sum is differentiated.
    if (isTensor(value) && value.rank === 0) return mul(value, fill([rows], 1 / rows));
    const expected = `a tensor of shape [${rows}] or []`;
    throw wrongType("the score function's value", expected, value);
  };
  const { terms } = target;
  if (terms === undefined) {
    const [weights] = weightsFor(outputs, undefined, rowTarget);
    const classes = argMax(square(weights!), 1) as Tensor1D;
    return stack([mul(valueOf(classes), sum(weights!, 1))]);
  }
  checkClassCount(target, outputs.shape[1]);
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

/** Splits scores [m, r] into m tensors [r]. */
export function perClass(scores: Tensor, { imageOf }: RowTarget): Tensor[] {
  return split(scores, scores.shape[0]!).map((row) => reshape(row, [imageOf.length]));
}

/** Makes the gradients that pick each class's row of the tape's output [m, r]. */
export function functionOutputGradients(
  { outputId }: Tape,
  { target, imageOf }: RowTarget,
): OutputGradient[] {
  const shape: [number, number] = [target.classes, imageOf.length];
  return Array.from({ length: target.classes }, (_, chosen) => {
    const isOfClass = (_: unknown, i: number) => (Math.floor(i / shape[1]) === chosen ? 1 : 0);
    const ones = Float32Array.from({ length: shape[0] * shape[1] }, isOfClass);
    return { tensorId: outputId, gradient: tensor2d(ones, shape) };
  });
}
