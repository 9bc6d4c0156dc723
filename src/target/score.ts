/**
 * Which scalar is differentiated. Each score is a function of the model's final nodes whose
 * gradient is known in closed form, so the walk begins there, and a saturated softmax costs no
 * precision.
 *
 * Letters: n images, k classes, w [n, k] the weights of the classes (one-hot for one class), z
 * logits, p outputs.
 */
import {
  logSoftmax,
  mul,
  neg,
  relu,
  reshape,
  sigmoid,
  softmax,
  softplus,
  sub,
  sum,
} from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { GradientError } from '../gradient/gradientError.js';
import type { Record } from '../gradient/record.js';
import type { RuleTable } from '../gradient/rule.js';
import { rules } from '../gradient/rules/index.js';
import type { Seed } from '../gradient/walk.js';
import { findHead } from './head.js';
import { asRows, weightsFor } from './rowTarget.js';
import type { RowTarget } from './rowTarget.js';

export const SCORES = ['logit', 'output', 'logProbability', 'crossEntropy'] as const;

/**
 * - `'logit'` (default): the class score before a final softmax or sigmoid if the model ends in
 *   one, else the output
 * - `'output'`: the output itself, a probability for most models
 * - `'logProbability'`: the logarithm of the softmax's or sigmoid's output
 * - `'crossEntropy'`: -log softmax(output)[class], of the output as given, even if that is a
 *   softmax's: the loss of the article this library began with
 * - a function `(outputs [n, k], classes [n] int32) => Tensor` of shape [n] or []: any scalar made
 *   of tfjs ops
 */
export type Score = (typeof SCORES)[number] | ScoreFunction;

export type ScoreFunction = (outputs: Tensor, classes: Tensor) => Tensor;

export type NamedScore = Exclude<Score, ScoreFunction>;

/**
 * For each explained class, the gradient of its score, summed over the rows, by one recorded
 * tensor.
 */
export function namedSeeds(score: NamedScore, record: Record, rowTarget: RowTarget): Seed[] {
  const outputs = asRows(record.output, rowTarget);
  const head = findHead(record);
  if (head === undefined && score === 'logProbability') throw noProbability(rowTarget.caller);
  return weightsFor(outputs, rowTarget).map((weights) => {
    const atOutput = (gradient: Tensor): Seed => ({
      tensorId: record.outputId,
      gradient: reshape(gradient, record.output.shape),
    });
    if (score === 'output' || (score === 'logit' && head === undefined)) return atOutput(weights);
    // d/dp of -log softmax(p)[c] is softmax(p) - onehot(c).
    if (score === 'crossEntropy')
      return atOutput(neg(logSoftmaxGradient(softmax(outputs), weights)));
    const { id, shape } = head!.logits;
    const atLogits = (gradient: Tensor): Seed => ({
      tensorId: id,
      gradient: reshape(gradient, shape),
    });
    if (score === 'logit') return atLogits(weights);
    // In the head's own shape: a reshape after it may have put several softmaxes into one row.
    const [p, w] = [reshape(outputs, shape), reshape(weights, shape)];
    if (head!.kind === 'softmax') return atLogits(logSoftmaxGradient(p, w));
    // d/dz of log sigmoid(z) is sigmoid(-z), which 1 - p rounds to 0 where p is close to 1.
    return atLogits(mul(w, sigmoid(neg(head!.call.savedInput()!))));
  });
}

/**
 * The weighted sum of d/dz log softmax(z)[c] = onehot(c) - p, for the classes of positive and of
 * negative weight 1. At c itself, 1 - p[c] is taken as the sum of all others: a saturated p[c]
 * rounds to 1.
 */
function logSoftmaxGradient(p: Tensor, weights: Tensor): Tensor {
  const ofClass = (chosen: Tensor): Tensor => {
    const others = mul(p, sub(1, chosen));
    return sub(mul(chosen, sum(others, -1, true)), mul(others, sum(chosen, -1, true)));
  };
  return sub(ofClass(relu(weights)), ofClass(relu(neg(weights))));
}

/**
 * The scores whose gradients `namedSeeds` gives: m tensors [r].
 * @param record one that has saved what the head was applied to
 */
export function namedScores(score: NamedScore, record: Record, rowTarget: RowTarget): Tensor[] {
  const outputs = asRows(record.output, rowTarget);
  const all = scoresOfAllClasses(score, record, outputs, rowTarget.caller);
  return weightsFor(outputs, rowTarget).map((weights) => sum(mul(all, weights), 1));
}

function scoresOfAllClasses(
  score: NamedScore,
  record: Record,
  outputs: Tensor2D,
  caller: string,
): Tensor {
  if (score === 'output') return outputs;
  if (score === 'crossEntropy') return neg(logSoftmax(outputs));
  const head = findHead(record);
  if (head === undefined) {
    if (score === 'logProbability') throw noProbability(caller);
    return outputs;
  }
  const logits = head.call.savedInput()!;
  if (score === 'logit') return reshape(logits, outputs.shape);
  return reshape(
    head.kind === 'softmax' ? logSoftmax(logits) : neg(softplus(neg(logits))),
    outputs.shape,
  );
}

/** Rules that save the logits too, for a record whose scores are asked for. */
export const rulesSavingLogits: RuleTable = {
  ...rules,
  Softmax: { logits: { ...rules['Softmax']!['logits']!, needs: ['logits'] } },
  Sigmoid: { x: { ...rules['Sigmoid']!['x']!, needs: ['x'] } },
};

function noProbability(caller: string): GradientError {
  return new GradientError(
    `${caller}: score 'logProbability' needs a model that ends in a softmax or sigmoid, and this one does not; ` +
      `for a model that returns logits, -'crossEntropy' is the log probability`,
  );
}
