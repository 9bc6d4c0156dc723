/** Scores of outputs that no tape leads to: those of an asynchronous model. */
import { logSoftmax, mul, neg, sum } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { outOfRange } from '../checks.js';
import { weightsFor } from './rowTarget.js';
import type { RowTarget } from './rowTarget.js';
import { functionScores, perClass } from './scoreFunction.js';
import type { Score } from './score.js';

/**
 * Computes for each class each row's score from the outputs [r, k]: m tensors [r].
 *
 * `'logit'` is the output as it is, because no softmax can be seen.
 * @throws RangeError for `'logProbability'`, which needs to see one
 */
export function scoresOfOutputs(score: Score, outputs: Tensor2D, rowTarget: RowTarget): Tensor[] {
  if (typeof score === 'function') {
    return perClass(functionScores(score, outputs, rowTarget), rowTarget);
  }
  if (score === 'logProbability') {
    const expected = "'output', 'crossEntropy' or a function for an asynchronous model";
    throw outOfRange('score', expected, score);
  }
  const scores = score === 'crossEntropy' ? neg(logSoftmax(outputs)) : outputs;
  return weightsFor(outputs, undefined, rowTarget).map((weights) => sum(mul(scores, weights), 1));
}
