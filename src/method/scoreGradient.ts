/**
 * The gradient of a class score by the model's input, for as many batches as a method asks for: the one thing that
 * methods are made of.
 *
 * Letters: n images, k classes, r rows of a batch (several noisy samples of n images, sample after sample).
 */
import { argMax, cast, gather, keep, ones, reshape, round, tensor1d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { isTensor, wrongType } from '../arguments.js';
import { GradientError } from '../gradient/gradientError.js';
import { inputGradients } from '../gradient/inputGradient.js';
import { RunCache } from '../gradient/runCache.js';
import type { Record } from '../gradient/record.js';
import type { Seed } from '../gradient/walk.js';
import { inPasses } from '../model/passes.js';
import type { PassSize } from '../model/passes.js';
import { fixedBatchSize, inputSpec, runModel } from '../model/model.js';
import type { Model } from '../model/model.js';
import { checkClassCount, classPerImage, oneHotOf, oneHotOfGreatest } from '../target/classIndex.js';
import type { ClassIndex } from '../target/classIndex.js';
import { classCountOf } from '../target/outputs.js';
import { seedOf } from '../target/score.js';
import type { Score, ScoreFunction } from '../target/score.js';

export interface ScoreGradientOptions {
  readonly score: Score;
  readonly output: string | number | undefined;
  /** The greatest number of rows in one pass. */
  readonly batchSize: number;
}

/** As many inputs as have together the size of one 224 x 224 RGB image: on wasm larger batches only cost memory. */
export function defaultBatchSize(x: Tensor): number {
  return Math.max(1, Math.floor((224 * 224 * 3) / (x.size / x.shape[0]!)));
}

export class ScoreGradient {
  private readonly cache = new RunCache();
  private readonly passSize: PassSize;
  /** [n, k], owned; undefined while each pass asks for its own argmax. */
  private fixedWeights: Tensor2D | undefined;

  /** @param images n, the number of images; row i of any batch belongs to image i % n */
  constructor(
    private readonly caller: string,
    private readonly model: Model,
    private readonly classIndex: ClassIndex,
    private readonly images: number,
    private readonly options: ScoreGradientOptions,
  ) {
    this.passSize = { batchSize: options.batchSize, fixed: fixedBatchSize(model) };
  }

  /** Fixes 'argmax' to the classes predicted for `x`, [n, ...]. */
  fixTarget(x: Tensor): void {
    if (this.classIndex !== 'argmax') return;
    const predicted = tidy(() => oneHotOfGreatest(inPasses(x, this.passSize, (rows) => this.outputs(rows))));
    this.fixedWeights = keep(predicted);
  }

  /** [r, ...] -> the gradient of each row's score by that row, same shape. The caller owns the result. */
  of(x: Tensor): Tensor {
    return inPasses(x, this.passSize, (rows, first) => this.gradientOf(rows, first));
  }

  dispose(): void {
    this.fixedWeights?.dispose();
    this.cache.dispose();
  }

  private gradientOf(x: Tensor, first: number): Tensor {
    const imageOf = Array.from({ length: x.shape[0]! }, (_, i) => (first + i) % this.images);
    const { score } = this.options;
    const [forward, seeds] =
      typeof score === 'function'
        ? [(input: Tensor) => this.customScore(score, input, imageOf), seedOfValue]
        : [(input: Tensor) => this.run(input), (record: Record) => this.seedOfScore(score, record, imageOf)];
    try {
      return inputGradients(forward, this.modelInput(x), (record) => [seeds(record)], this.cache)[0]!;
    } catch (error) {
      if (!(error instanceof GradientError) || error.message.startsWith(this.caller)) throw error;
      throw new GradientError(`${this.caller}: ${error.message}`, error);
    }
  }

  private seedOfScore(score: Exclude<Score, ScoreFunction>, record: Record, imageOf: readonly number[]): Seed {
    return seedOf(this.caller, score, record, this.weightsFor(this.asRows(record.output, imageOf.length), imageOf));
  }

  private customScore(score: ScoreFunction, input: Tensor, imageOf: readonly number[]): Tensor {
    const rows = imageOf.length;
    const outputs = this.asRows(this.run(input), rows);
    const value: unknown = score(outputs, argMax(this.weightsFor(outputs, imageOf), 1));
    if (isTensor(value) && (value.size === 1 || (value.rank === 1 && value.size === rows))) return value;
    throw wrongType(this.caller, "the score function's value", `a tensor of shape [${rows}] or []`, value);
  }

  /** The class weights of each row: [rows, k]. */
  private weightsFor(outputs: Tensor2D, imageOf: readonly number[]): Tensor2D {
    if (this.fixedWeights !== undefined) return gather(this.fixedWeights, tensor1d([...imageOf], 'int32'));
    if (this.classIndex === 'argmax') return oneHotOfGreatest(outputs);
    const classes = classPerImage(this.classIndex, this.images);
    checkClassCount(this.caller, classes, outputs.shape[1]);
    return oneHotOf(
      imageOf.map((image) => classes[image]!),
      outputs.shape[1],
    );
  }

  private outputs(x: Tensor): Tensor2D {
    return this.asRows(this.run(this.modelInput(x)), x.shape[0]!);
  }

  private run(input: Tensor): Tensor {
    return runModel(this.caller, this.model, input, this.options.output);
  }

  private asRows(output: Tensor, rows: number): Tensor2D {
    return reshape(output, [rows, classCountOf(this.caller, output, rows)]);
  }

  /** A model of int32 input gets whole numbers, and is differentiated by these. */
  private modelInput(x: Tensor): Tensor {
    return inputSpec(this.model).dtype === 'int32' ? cast(round(x), 'int32') : x;
  }
}

const seedOfValue = (record: Record): Seed => ({ tensorId: record.outputId, gradient: ones(record.output.shape) });
