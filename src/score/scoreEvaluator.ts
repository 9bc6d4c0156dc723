/**
 * The scores of a model and their gradients, for one pass.
 *
 * Letters: k outputs of the model, m explained classes per image, r rows of a batch.
 */
import { add, cast, mul, reshape, round, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { OutputGradient } from '../gradient/backward.js';
import { inputGradients } from '../gradient/inputGradient.js';
import { recordForward } from '../gradient/recordForward.js';
import { withoutFusedPairs } from '../gradient/registeredGradient.js';
import type { CustomGradients } from '../gradient/registeredGradient.js';
import type { RuleTable } from '../gradient/rule.js';
import type { RunCache } from '../gradient/runCache.js';
import type { Tape } from '../gradient/tape.js';
import type { Model, TensorSpec } from '../model/model.js';
import { runModel } from '../model/runModel.js';
import type { OutputChoice } from '../model/runModel.js';
import { findHead } from './head.js';
import { asRows, predictedWeights } from './rowTarget.js';
import type { RowTarget } from './rowTarget.js';
import { namedOutputGradients, namedScores, savingLogits } from './score.js';
import type { Score } from './score.js';
import { functionOutputGradients, functionScores, perClass } from './scoreFunction.js';

export interface ScoreOptions {
  readonly model: Model;
  /** What is known of the model's input. */
  readonly spec: TensorSpec;
  readonly output: OutputChoice;
  readonly score: Score;
  readonly gradients: CustomGradients | undefined;
  readonly cache: RunCache;
}

export class ScoreEvaluator {
  constructor(private readonly options: ScoreOptions) {}

  /** Computes the gradient of each row's score with respect to that row: m tensors [r, ...]. */
  gradients(x: Tensor, rowTarget: RowTarget, rules: RuleTable): Tensor[] {
    const { gradients = {}, score, cache } = this.options;
    const table = withoutFusedPairs(
      score === 'logProbability' ? savingLogits(rules) : rules,
      gradients,
    );
    const tape = recordForward((input) => this.forward(input, rowTarget), this.modelInput(x), {
      rules: table,
      gradients,
    });
    try {
      return tidy(() => {
        const nonFinite = this.nonFiniteRows(tape, x);
        const starts = this.outputGradients(tape, rowTarget);
        return inputGradients(tape, starts, cache).map((gradient) => add(gradient, nonFinite));
      });
    } finally {
      tape.dispose();
      cache.sweep();
    }
  }

  /** Computes each row's score: m tensors [r]. */
  scores(x: Tensor, rowTarget: RowTarget, rules: RuleTable): Tensor[] {
    const { score } = this.options;
    return tidy(() => {
      if (typeof score === 'function') {
        return perClass(this.forward(this.modelInput(x), rowTarget), rowTarget);
      }
      const forward = (input: Tensor): Tensor => this.forward(input, rowTarget);
      const tape = recordForward(forward, this.modelInput(x), { rules: savingLogits(rules) });
      try {
        return namedScores(score, tape, rowTarget);
      } finally {
        tape.dispose();
      }
    });
  }

  /** Computes the model's outputs, [r, k]. */
  outputs(x: Tensor, rowTarget: RowTarget): Tensor2D {
    return tidy(() => asRows(this.run(this.modelInput(x)), rowTarget));
  }

  /** Computes the weights of the predicted classes, [r, k]. */
  predicted(x: Tensor, rowTarget: RowTarget): Tensor2D {
    const tape = recordForward((input) => this.run(input), this.modelInput(x));
    try {
      return tidy(() => predictedWeights(asRows(tape.output, rowTarget), findHead(tape)));
    } finally {
      tape.dispose();
    }
  }

  /** Runs the model, and behind it the score if that is a function. */
  private forward(input: Tensor, rowTarget: RowTarget): Tensor {
    const { score } = this.options;
    const output = this.run(input);
    if (typeof score !== 'function') return output;
    return functionScores(score, asRows(output, rowTarget), rowTarget);
  }

  private run(input: Tensor): Tensor {
    return runModel(this.options.model, input, this.options.output);
  }

  private outputGradients(tape: Tape, rowTarget: RowTarget): OutputGradient[] {
    const { score } = this.options;
    return typeof score === 'function'
      ? functionOutputGradients(tape, rowTarget)
      : namedOutputGradients(score, tape, rowTarget);
  }

  /**
   * Marks rows whose output is not finite with NaN, else 0: [r, 1, ...].
   *
   * Added to the gradients, it shows an overflow that a rectifier would hide.
   */
  private nonFiniteRows({ output }: Tape, x: Tensor): Tensor {
    const [rows = 1, ...rest] = x.shape;
    const perRow = typeof this.options.score === 'function' ? sum(output, 0) : output;
    return reshape(sum(mul(reshape(perRow, [rows, -1]), 0), 1), [rows, ...rest.map(() => 1)]);
  }

  /** Rounds the input of a model that takes int32, which is differentiated at the integers. */
  private modelInput(x: Tensor): Tensor {
    return this.options.spec.dtype === 'int32' ? cast(round(x), 'int32') : x;
  }
}
