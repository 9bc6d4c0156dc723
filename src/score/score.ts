/**
 * The scalar that is differentiated.
 *
 * The gradient of each score with respect to the model's final nodes is known in closed form, so
 * backpropagation begins there, and a saturated softmax costs no precision.
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
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkChoice } from '../checks.js';
import { toBeNamed } from '../inFunction.js';
import type { OutputGradient } from '../gradient/backward.js';
import { GradientError } from '../gradient/gradientError.js';
import type { RuleTable } from '../gradient/rule.js';
import type { Tape } from '../gradient/tape.js';
import { findHead } from './head.js';
import type { Head } from './head.js';
import { asRows, weightsFor } from './rowTarget.js';
import type { RowTarget } from './rowTarget.js';

export const SCORES = ['logit', 'output', 'logProbability', 'crossEntropy'] as const;

/**
 * - `'logit'` (default): the class score before a final softmax or sigmoid if the model ends in
 *   one, else the output
 * - `'output'`: the output itself, a probability for most models
 * - `'logProbability'`: the logarithm of the softmax's or sigmoid's output
 * - `'crossEntropy'`: -log softmax(output)[class], of the output as it is, even if that is a
 *   softmax's: the loss of the article this library began with
 * - a function `(outputs [n, k], classes [n] int32) => Tensor` of shape [n] or []: any scalar made
 *   of tfjs ops
 */
export type Score = (typeof SCORES)[number] | ScoreFunction;

/** Computes the explained scalar of each row from outputs [n, k] and classes [n], int32. */
export type ScoreFunction = (outputs: Tensor, classes: Tensor) => Tensor;

export type NamedScore = Exclude<Score, ScoreFunction>;

export function checkScore(argument: string, score: unknown): asserts score is Score {
  if (typeof score !== 'function') checkChoice(argument, score, SCORES);
}

/** Computes the gradients of the scores, summed over rows, where backpropagation begins. */
export function namedOutputGradients(
  score: NamedScore,
  tape: Tape,
  rowTarget: RowTarget,
): OutputGradient[] {
  const outputs = asRows(tape.output, rowTarget);
  const head = headFor(score, tape);
  return weightsFor(outputs, head, rowTarget).map((weights) => {
    if (score === 'output' || (score === 'logit' && head === undefined)) {
      return atOutput(tape, weights);
    }
    // d/dp of -log softmax(p)[c] is softmax(p) - onehot(c).
    if (score === 'crossEntropy') {
      return atOutput(tape, neg(logSoftmaxGradient(softmax(outputs), weights)));
    }
    if (score === 'logit') return atLogits(head!, weights);
    return atLogits(head!, logProbabilityGradient(head!, outputs, weights));
  });
}

const atOutput = ({ outputId, output }: Tape, gradient: Tensor): OutputGradient => ({
  tensorId: outputId,
  gradient: reshape(gradient, output.shape),
});

const atLogits = ({ logits: { id, shape } }: Head, gradient: Tensor): OutputGradient => ({
  tensorId: id,
  gradient: reshape(gradient, shape),
});

function logProbabilityGradient(head: Head, outputs: Tensor, weights: Tensor): Tensor {
  const { shape } = head.logits;
  // In the head's own shape: a reshape after it may have put several softmaxes into one row.
  const w = reshape(weights, shape);
  if (head.kind === 'softmax') return logSoftmaxGradient(reshape(outputs, shape), w);
  // d/dz of log sigmoid(z) is sigmoid(-z), which 1 - p rounds to 0 where p is close to 1.
  const z = head.call.savedInput()!;
  return mul(w, sigmoid(neg(isBinary(outputs) ? mul(w, z) : z)));
}

/** Tells whether there is one output: its weight is 1 for "yes", -1 for "no", whose logit is -z. */
const isBinary = (outputs: Tensor): boolean => outputs.shape[1] === 1;

/**
 * Sums d/dz log softmax(z)[c] = onehot(c) - p over classes, weighted by 1 or -1.
 *
 * At c itself, 1 - p[c] is computed as the sum of the other p, because a saturated p[c] rounds to
 * 1.
 */
function logSoftmaxGradient(p: Tensor, weights: Tensor): Tensor {
  const ofClass = (chosen: Tensor): Tensor => {
    const others = mul(p, sub(1, chosen));
    return sub(mul(chosen, sum(others, -1, true)), mul(others, sum(chosen, -1, true)));
  };
  return sub(ofClass(relu(weights)), ofClass(relu(neg(weights))));
}

/**
 * Computes the scores whose gradients `namedOutputGradients` computes: m tensors [r].
 * @param tape recorded with rules that save the logits
 */
export function namedScores(score: NamedScore, tape: Tape, rowTarget: RowTarget): Tensor[] {
  const outputs = asRows(tape.output, rowTarget);
  const head = headFor(score, tape);
  return weightsFor(outputs, head, rowTarget).map((weights) => {
    const logits = head?.call.savedInput();
    if (score === 'logProbability' && isBinary(outputs) && head!.kind === 'sigmoid') {
      return sum(neg(softplus(neg(mul(weights, reshape(logits!, outputs.shape))))), 1);
    }
    return sum(mul(scoresOfAllClasses(score, head, outputs), weights), 1);
  });
}

function scoresOfAllClasses(score: NamedScore, head: Head | undefined, outputs: Tensor): Tensor {
  if (score === 'output' || (score === 'logit' && head === undefined)) return outputs;
  if (score === 'crossEntropy') return neg(logSoftmax(outputs));
  const logits = head!.call.savedInput()!;
  if (score === 'logit') return reshape(logits, outputs.shape);
  const logProbabilities =
    head!.kind === 'softmax' ? logSoftmax(logits) : neg(softplus(neg(logits)));
  return reshape(logProbabilities, outputs.shape);
}

/** Makes the rules of a pass without a way back, which save nothing but the logits. */
/* @__NO_SIDE_EFFECTS__ */
export function logitRules(rules: RuleTable): RuleTable {
  return {
    Softmax: { logits: { ...rules['Softmax']!['logits']!, needs: ['logits'] } },
    Sigmoid: { x: { ...rules['Sigmoid']!['x']!, needs: ['x'] } },
  };
}

/** Changes the rules of softmax and sigmoid so that they save the logits too. */
export function savingLogits(rules: RuleTable): RuleTable {
  return { ...rules, ...logitRules(rules) };
}

/** @throws GradientError if the score needs a softmax or sigmoid at the end, and there is none */
function headFor(score: NamedScore, tape: Tape): Head | undefined {
  const head = findHead(tape);
  if (head !== undefined || score !== 'logProbability') return head;
  throw toBeNamed(
    new GradientError(
      "score 'logProbability' needs a model that ends in a softmax or sigmoid, and this one does " +
        "not; for a model that returns logits, -'crossEntropy' is the log probability",
    ),
  );
}
