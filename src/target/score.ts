/**
 * Which scalar is differentiated. Each score is a function of the model's final nodes whose gradient is known in closed
 * form, so the walk begins there, and a saturated softmax costs no precision.
 *
 * Letters: n images, k classes, w [n, k] the weights of the classes (one-hot for one class), z logits, p outputs.
 */
import { mul, reshape, softmax, sub, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { GradientError } from '../gradient/gradientError.js';
import type { Record } from '../gradient/record.js';
import type { Seed } from '../gradient/walk.js';
import { findHead } from './head.js';

export const SCORES = ['logit', 'output', 'logProbability', 'crossEntropy'] as const;

/**
 * - `'logit'` (default): the class score before a final softmax or sigmoid if the model ends in one, else the output
 * - `'output'`: the output itself, a probability for most models
 * - `'logProbability'`: the logarithm of the softmax's or sigmoid's output
 * - `'crossEntropy'`: -log softmax(output)[class], of the output as given, even if that is a softmax's: the loss of the
 *   article this library began with
 * - a function `(outputs [n, k], classes [n] int32) => Tensor` of shape [n] or []: any scalar made of tfjs ops
 */
export type Score = (typeof SCORES)[number] | ScoreFunction;

export type ScoreFunction = (outputs: Tensor, classes: Tensor) => Tensor;

/** The gradient of `score`, summed over the images, by one recorded tensor. */
export function seedOf(caller: string, score: Exclude<Score, ScoreFunction>, record: Record, weights: Tensor): Seed {
  const { output } = record;
  const outputs = reshape(output, weights.shape);
  const atOutput = (gradient: Tensor): Seed => ({
    tensorId: record.outputId,
    gradient: reshape(gradient, output.shape),
  });
  if (score === 'output') return atOutput(weights);
  // d/dp of -log softmax(p)[c] is softmax(p) - onehot(c).
  if (score === 'crossEntropy') return atOutput(sub(mul(softmax(outputs), sum(weights, 1, true)), weights));

  const head = findHead(record);
  if (score === 'logit') {
    return head === undefined ? atOutput(weights) : head.seed(weights);
  }
  if (head === undefined) {
    throw new GradientError(
      `${caller}: score 'logProbability' needs a model that ends in a softmax or sigmoid, and this one does not; ` +
        `for a model that returns logits, -'crossEntropy' is the log probability`,
    );
  }
  // d/dz of log softmax(z)[c] is onehot(c) - p, of log sigmoid(z) it is 1 - p.
  return head.seed(
    head.kind === 'softmax' ? sub(weights, mul(outputs, sum(weights, 1, true))) : mul(weights, sub(1, outputs)),
  );
}
