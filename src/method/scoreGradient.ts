/**
 * The gradient of a class score by the model's input, for as many batches as a method asks for: the
 * one thing that methods are made of.
 *
 * Letters: n images, k outputs of the model, m explained classes per image, r rows of a batch
 * (several noisy samples of n images, sample after sample); row i belongs to image i % n.
 */
import { add, argMax, cast, keep, mul, reshape, round, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { GradientError } from '../gradient/gradientError.js';
import { inputGradients } from '../gradient/inputGradient.js';
import { record } from '../gradient/record.js';
import type { Record } from '../gradient/record.js';
import { RunCache } from '../gradient/runCache.js';
import type { Seed } from '../gradient/walk.js';
import { inputSpec, runModel } from '../model/model.js';
import type { Model } from '../model/model.js';
import { allAtOnce, Passes } from '../model/passes.js';
import type { InPasses } from '../model/passes.js';
import { oneHotOfGreatest } from '../target/classIndex.js';
import type { Target } from '../target/classIndex.js';
import { asRows } from '../target/rowTarget.js';
import type { RowTarget } from '../target/rowTarget.js';
import { namedScores, namedSeeds, rulesSavingLogits } from '../target/score.js';
import type { Score } from '../target/score.js';
import { functionScores, functionSeeds, perClass } from '../target/scoreFunction.js';

export interface ScoreGradientOptions {
  readonly score: Score;
  readonly output: string | number | undefined;
  /** The greatest number of rows in one pass. */
  readonly batchSize: number;
}

/**
 * As many inputs as have together the size of one 224 x 224 RGB image: on wasm larger batches only
 * cost memory.
 */
export function defaultBatchSize(x: Tensor): number {
  return Math.max(1, Math.floor((224 * 224 * 3) / (x.size / x.shape[0]!)));
}

export class ScoreGradient {
  private readonly cache = new RunCache();
  private readonly passes: Passes;
  /** [n, k], owned; undefined while each pass asks for its own argmax. */
  private predicted: Tensor2D | undefined;
  /** What `predicted` says, once it was asked for. */
  private classes: readonly number[] | undefined;

  constructor(
    private readonly caller: string,
    private readonly model: Model,
    private readonly target: Target,
    private readonly images: number,
    private readonly options: ScoreGradientOptions,
  ) {
    this.passes = new Passes(caller, model, options.batchSize);
  }

  /**
   * The greatest number of rows in one pass from now on: the model's fixed batch, or what memory
   * has taken so far.
   */
  get batchSize(): number {
    return this.passes.batchSize;
  }

  /**
   * Runs what a method computes around its gradients, so that a memory that ends is reported there
   * too.
   */
  guarded<T>(passes: InPasses<T>): InPasses<T> {
    return this.passes.guardedSteps(passes);
  }

  /** Fixes 'argmax' to the classes predicted for `x`, [n, ...]. */
  fixTarget(x: Tensor): void {
    if (this.target.terms !== undefined) return;
    const passes = this.passes.over(x, (rows, first) => {
      const output = this.run(this.modelInput(rows));
      return [tidy(() => oneHotOfGreatest(asRows(output, this.rowTarget(rows, first))))];
    });
    const [predicted] = allAtOnce(passes);
    this.predicted = keep(predicted as Tensor2D);
  }

  /** The classes that 'argmax' is fixed to, one per image; undefined if it is not. */
  fixedClasses(): readonly number[] | undefined {
    if (this.predicted === undefined) return undefined;
    const { predicted } = this;
    return (this.classes ??= Array.from(tidy(() => argMax(predicted, 1)).dataSync()));
  }

  /** Reads them without waiting in the way of other work, so that `fixedClasses` knows them. */
  async readFixedClasses(): Promise<void> {
    if (this.predicted === undefined) return;
    const indices = argMax(this.predicted, 1);
    try {
      this.classes = Array.from(await indices.data());
    } finally {
      indices.dispose();
    }
  }

  /**
   * [r, ...] -> for each of the m classes, the gradient of each row's score by that row, same
   * shape.
   */
  of(x: Tensor): InPasses<Tensor[]> {
    return this.passes.over(x, (rows, first) =>
      this.gradientsOf(rows, this.rowTarget(rows, first)),
    );
  }

  /** [r, ...] -> for each of the m classes, each row's score: [r]. */
  scores(x: Tensor): Tensor[] {
    return allAtOnce(
      this.passes.over(x, (rows, first) => this.scoresOf(rows, this.rowTarget(rows, first))),
    );
  }

  /** [r, ...] -> the model's outputs, one tensor [r, k]. */
  outputs(x: Tensor): InPasses<Tensor[]> {
    return this.passes.over(x, (rows, first) => {
      return [asRows(this.run(this.modelInput(rows)), this.rowTarget(rows, first))];
    });
  }

  dispose(): void {
    this.predicted?.dispose();
    this.cache.dispose();
  }

  private rowTarget(rows: Tensor, first: number): RowTarget {
    const imageOf = Array.from({ length: rows.shape[0]! }, (_, i) => (first + i) % this.images);
    return { caller: this.caller, target: this.target, imageOf, predicted: this.predicted };
  }

  private gradientsOf(x: Tensor, rowTarget: RowTarget): Tensor[] {
    const { score } = this.options;
    const unfinite: Tensor[] = [];
    const forward = (input: Tensor): Tensor => {
      const output = this.run(input);
      return typeof score === 'function'
        ? functionScores(score, asRows(output, rowTarget), rowTarget)
        : output;
    };
    const seeds = (recorded: Record): Seed[] => {
      const isFunction = typeof score === 'function';
      const starts = isFunction
        ? functionSeeds(recorded, rowTarget)
        : namedSeeds(score, recorded, rowTarget);
      const perRow = isFunction ? sum(recorded.output, 0) : recorded.output;
      const rows = rowTarget.imageOf.length;
      unfinite.push(
        keep(reshape(zeroUnlessUnfinite(perRow, rows), [rows, ...x.shape.slice(1).map(() => 1)])),
      );
      return starts;
    };
    try {
      const table = score === 'logProbability' ? rulesSavingLogits : undefined;
      const gradients = inputGradients(forward, this.modelInput(x), seeds, this.cache, table);
      return gradients.map((gradient) => add(gradient, unfinite[0]!));
    } catch (error) {
      if (!(error instanceof GradientError) || error.message.startsWith(this.caller)) throw error;
      throw new GradientError(`${this.caller}: ${error.message}`, error);
    } finally {
      unfinite.forEach((each) => each.dispose());
    }
  }

  private scoresOf(x: Tensor, rowTarget: RowTarget): Tensor[] {
    const { score } = this.options;
    return tidy(() => {
      if (typeof score === 'function') {
        const outputs = asRows(this.run(this.modelInput(x)), rowTarget);
        return perClass(functionScores(score, outputs, rowTarget), rowTarget);
      }
      const recorded = record((input) => this.run(input), this.modelInput(x), rulesSavingLogits);
      try {
        return namedScores(score, recorded, rowTarget);
      } finally {
        recorded.dispose();
      }
    });
  }

  private run(input: Tensor): Tensor {
    return runModel(this.caller, this.model, input, this.options.output);
  }

  /** A model of int32 input gets whole numbers, and is differentiated by these. */
  private modelInput(x: Tensor): Tensor {
    return inputSpec(this.model).dtype === 'int32' ? cast(round(x), 'int32') : x;
  }
}

/**
 * [r, ...] -> [r], NaN where a row has a number that is not finite, else 0. Added to the gradients,
 * it makes an overflow show in them that a rectifier swallows on the way back.
 */
const zeroUnlessUnfinite = (output: Tensor, rows: number): Tensor =>
  sum(mul(reshape(output, [rows, -1]), 0), 1);
