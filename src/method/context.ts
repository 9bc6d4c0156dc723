/**
 * What a method works on: the model, the input and the class, checked and resolved, and the few
 * things that a method may ask of the model.
 *
 * Letters: n images, k outputs of the model, m explained classes per image, r rows of a batch
 * (several noisy samples or points of a path of n images, one after another); row i belongs to
 * image i % n.
 */
import { argMax, concat, dispose, keep, reshape, slice, square, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { outOfRange } from '../checks.js';
import type { KernelHook } from '../gradient/kernelHook.js';
import { rules as gradientRules } from '../gradient/rules/index.js';
import type { RuleTable } from '../gradient/rule.js';
import { RunCache } from '../gradient/runCache.js';
import type { LayerProbe } from '../layer/layerProbe.js';
import type { ImageInput } from '../preprocessing/image.js';
import { toBatch } from '../model/batch.js';
import { asyncPasses, PendingOutput, throwingPromises } from '../model/asyncModel.js';
import type { AnyModel, AsyncModel } from '../model/asyncModel.js';
import { BatchRunner } from '../model/batchRunner.js';
import { checkModel, fixedBatchSize, inputSpecOf } from '../model/model.js';
import type { Model } from '../model/model.js';
import { readOptions } from '../options.js';
import type { ValuesOf } from '../options.js';
import type { Tape } from '../gradient/tape.js';
import type { Preprocessing } from '../preprocessing/preprocessing.js';
import type { Task } from '../run/task.js';
import { checkClassCount, toTarget } from '../score/classIndex.js';
import type { ClassIndex, Target } from '../score/classIndex.js';
import { declaredClassCount } from '../score/outputs.js';
import { asRows, predictedWeights } from '../score/rowTarget.js';
import type { RowTarget } from '../score/rowTarget.js';
import { scoresOfOutputs } from '../score/scoresOfOutputs.js';
import type { Score } from '../score/score.js';
import { ScoreEvaluator } from '../score/scoreEvaluator.js';
import type { FromTape, TapeOptions } from '../score/scoreEvaluator.js';
import { attributionOptions } from './attributionOptions.js';
import type { AttributionOptions } from './attributionOptions.js';

/** How `values` differs from a plain pass. */
export interface ValueOptions {
  /** Makes the hook of a pass over rows `first` ... `first + count - 1`. */
  readonly hook?: (count: number, first: number) => KernelHook;
  /** The probe of the pass in which the hook's kernels were counted. */
  readonly probe?: LayerProbe | undefined;
  /**
   * [p, k] weights of the classes that 'argmax' stands for, of which row i has the (i % p)-th.
   * Default: those of the input.
   */
  readonly predicted?: Tensor2D | undefined;
}

export class Context {
  readonly preprocess: Preprocessing | undefined;
  /** n */
  readonly images: number;
  /** m */
  readonly classes: number;
  /** The number of rows that the model has been run on so far. */
  rowsDone = 0;
  /** How many it will be run on, once a method knows it better than its `inputsPerImage`. */
  rowsExpected: number | undefined;
  /** Ends the run: an asynchronous model is told of it. */
  signal: AbortSignal | undefined;
  /** Whether 'argmax' is asked again for every row, as for noisy samples in the article. */
  argmaxPerRow = false;

  private readonly cache = new RunCache();
  private readonly runner: BatchRunner;
  readonly evaluator: ScoreEvaluator;
  private readonly score: Score;
  /** Whether the model answers with promises; undefined until its first pass has shown it. */
  private isAsync: boolean | undefined;
  /** Whether a pass that is under way may find that out. */
  private mayWait = false;
  private readonly usesScoreFunction: boolean;
  /** [n, k], owned: the weights of the classes that 'argmax' stands for, once they were needed. */
  private predicted: Tensor2D | undefined;
  private resolved: ClassIndex | undefined;
  /** Parts of `predicted` by the first row of each, owned: from passes over the input itself. */
  private readonly parts = new Map<number, Tensor2D>();

  /** @param input [n, ...], owned by the context from now on */
  constructor(
    readonly model: Model,
    readonly input: Tensor,
    readonly classIndex: ClassIndex,
    private readonly target: Target,
    private readonly isBatched: boolean,
    options: ValuesOf<typeof attributionOptions>,
  ) {
    const { preprocess, score, output, batchSize, inputSpec, gradients, kernels } = options;
    const spec = inputSpecOf(model, inputSpec);
    this.preprocess = preprocess;
    this.images = input.shape[0]!;
    this.classes = target.classes;
    this.usesScoreFunction = typeof score === 'function';
    const greatest = batchSize ?? defaultBatchSize(model, input);
    this.runner = new BatchRunner(model, greatest, fixedBatchSize(spec), (count) => {
      this.rowsDone += count;
    });
    const { cache } = this;
    this.score = score;
    const isWaiting = (): boolean => this.mayWait;
    this.evaluator = new ScoreEvaluator({
      model: throwingPromises(model, isWaiting, () => this.signal),
      spec,
      output,
      score,
      gradients,
      cache,
      kernels,
    });
  }

  /** The greatest number of rows in one pass from now on: what the model or memory has taken. */
  get rowsPerPass(): number {
    return this.runner.rowsPerPass;
  }

  /**
   * Computes the gradient of each row's score with respect to that row: m tensors [r, ...].
   * @param rules another table computes other gradients, such as guided backpropagation's
   */
  *gradients(rows: Tensor, rules: RuleTable = gradientRules): Task<Tensor[]> {
    return yield* this.passes(rows, (part, rowTarget) =>
      this.evaluator.gradients(part, rowTarget, rules),
    );
  }

  /**
   * Makes a tensor of the tape of each pass and of each score's way back: m tensors [r, ...].
   * @param firstRow the number of the first row, where `rows` are part of a longer batch
   */
  *fromTapes(rows: Tensor, options: TapeOptions, make: FromTape, firstRow = 0): Task<Tensor[]> {
    yield* this.resolveArgmax(rows);
    return yield* this.runner.over(rows, (part, first) =>
      this.evaluator.fromTape(part, this.rowTarget(part, firstRow + first), options, make),
    );
  }

  /** Records a pass over one row; the caller disposes the tape. */
  *record(row: Tensor, rules: RuleTable, firstRow: number): Task<Tape> {
    let tape: Tape | undefined;
    yield* this.runner.over(row, (part) => {
      tape = this.evaluator.record(part, this.rowTarget(part, firstRow), rules);
      return [];
    });
    return tape!;
  }

  /** Computes each row's score: m tensors [r]. */
  *values(rows: Tensor, { hook, probe, predicted }: ValueOptions = {}): Task<Tensor[]> {
    if (predicted === undefined) yield* this.resolveArgmax(rows);
    return yield* this.forward(
      rows,
      predicted,
      (part, target, first) => {
        const pass = { hook: hook?.(part.shape[0]!, first), probe };
        return this.evaluator.scores(part, target, pass);
      },
      (outputs, target) => scoresOfOutputs(this.score, outputs, target),
    );
  }

  /**
   * Runs the model forward, whose first pass shows whether it is asynchronous.
   * @param pass computes results of rows
   * @param read computes them of the outputs of an asynchronous model
   */
  private *forward(
    rows: Tensor,
    predicted: Tensor2D | undefined,
    pass: (part: Tensor, target: RowTarget, first: number) => Tensor[],
    read: (outputs: Tensor2D, target: RowTarget) => Tensor[],
  ): Task<Tensor[]> {
    let pending: PendingOutput | undefined;
    if (this.isAsync !== true) {
      try {
        return yield* this.runner.over(rows, (part, first) => {
          this.mayWait = this.isAsync === undefined;
          try {
            const results = pass(part, this.rowTarget(part, first, predicted), first);
            this.isAsync = false;
            return results;
          } finally {
            this.mayWait = false;
          }
        });
      } catch (error) {
        if (!(error instanceof PendingOutput)) throw error;
        pending = error;
        this.isAsync = true;
      }
    }
    const passes = yield* asyncPasses(
      {
        model: this.model as unknown as AsyncModel,
        rowsPerPass: this.rowsPerPass,
        signal: this.signal,
        onRows: (count) => (this.rowsDone += count),
      },
      rows,
      pending,
      (outputs, first) => {
        const target = this.rowTarget(outputs, first, predicted);
        return read(asRows(outputs, target), target);
      },
    );
    try {
      return passes[0]!.map((_, i) => concat(passes.map((results) => results[i]!)));
    } finally {
      dispose(passes);
    }
  }

  /** Runs passes over rows, each with the target of its rows, and joins their results. */
  *passes(rows: Tensor, pass: (part: Tensor, rowTarget: RowTarget) => Tensor[]): Task<Tensor[]> {
    yield* this.resolveArgmax(rows);
    return yield* this.runner.over(rows, (part, first) => pass(part, this.rowTarget(part, first)));
  }

  /** Computes the model's outputs, [r, k]. */
  *outputs(rows: Tensor): Task<Tensor> {
    const [outputs] = yield* this.forward(
      rows,
      undefined,
      (part, target) => [this.evaluator.outputs(part, target)],
      (found) => [found],
    );
    return outputs!;
  }

  /** Runs a task that is guarded against running out of memory in each of its steps. */
  guarded<T>(task: Task<T>): Task<T> {
    return this.runner.guardedSteps(task);
  }

  /**
   * Resolves 'argmax' to the classes predicted for the clean input, once, whatever rows a method
   * asks about; the clean rows themselves show it in the pass that is asked for.
   */
  *resolveArgmax(rows?: Tensor): Task<void> {
    if (this.target.terms !== undefined || this.argmaxPerRow) return;
    this.joinParts();
    if (this.predicted !== undefined) return;
    if (rows === this.input && !this.usesScoreFunction) return;
    const predicted = keep(yield* this.predictions(this.input));
    // Who asked for the explained class in the meantime may have joined the parts.
    (this.predicted as Tensor2D | undefined)?.dispose();
    this.predicted = predicted;
  }

  /** Computes the weights of the class predicted for each row, [r, k]. */
  *predictions(rows: Tensor): Task<Tensor2D> {
    const [predicted] = yield* this.forward(
      rows,
      undefined,
      (part, target) => [this.evaluator.predicted(part, target)],
      (outputs) => [predictedWeights(outputs, undefined)],
    );
    return predicted as Tensor2D;
  }

  /** Reads the classes that 'argmax' stands for, so that `resolvedClassIndex` need not wait. */
  async readPredicted(): Promise<void> {
    const { predicted } = this;
    if (predicted === undefined) return;
    const indices = tidy(() => argMax(square(predicted), 1));
    try {
      this.resolved = signedClasses(await indices.data(), await predicted.data());
    } finally {
      indices.dispose();
    }
  }

  /**
   * Resolves to the class index with 'argmax' as a number, or one per image if there are several.
   *
   * It stays 'argmax' while that is not known yet, where every row asks for its own, and where a
   * binary model says "yes" to some images of a batch and "no" to others.
   */
  async explainedClass(): Promise<ClassIndex> {
    if (this.target.terms !== undefined || this.argmaxPerRow) return this.classIndex;
    if (this.resolved === undefined) {
      this.joinParts();
      if (this.predicted === undefined) return 'argmax';
      await this.readPredicted();
    }
    const { resolved = 'argmax' } = this;
    return Array.isArray(resolved) && resolved.length === 1 ? (resolved[0] as number) : resolved;
  }

  /** Returns the class index, with 'argmax' resolved if `resolveArgmax` has run. */
  resolvedClassIndex(): ClassIndex {
    const { predicted } = this;
    if (predicted === undefined) return this.classIndex;
    const indices = (): ArrayLike<number> => tidy(() => argMax(square(predicted), 1).dataSync());
    this.resolved ??= signedClasses(indices(), predicted.dataSync());
    if (this.resolved !== undefined) return this.resolved;
    throw outOfRange(
      'classIndex',
      "0 or { against: 0 } where the images of a batch differ in 'yes' and 'no'",
      'argmax',
    );
  }

  /**
   * Shapes a result [m, n, ...] as the caller gets it: without the axis m unless classes were given
   * as lists, without the axis n unless the input had a batch dimension.
   */
  shaped(result: Tensor): Tensor {
    const [m = 1, n = 1, ...rest] = result.shape;
    const leading = [...(this.target.isListed ? [m] : []), ...(this.isBatched ? [n] : [])];
    return reshape(result, [...leading, ...rest]);
  }

  dispose(): void {
    this.predicted?.dispose();
    dispose([...this.parts.values()]);
    this.cache.dispose();
    this.input.dispose();
  }

  /** Returns the target of rows `first` and on. */
  rowTarget(rows: Tensor, first: number, predicted = this.predicted): RowTarget {
    const images = predicted?.shape[0] ?? this.images;
    const imageOf = Array.from({ length: rows.shape[0]! }, (_, i) => (first + i) % images);
    const onPredicted = this.argmaxPerRow
      ? undefined
      : (weights: Tensor2D): void => {
          this.addPart(weights, first);
        };
    return { target: this.target, imageOf, predicted, onPredicted };
  }

  /** Keeps the weights of the classes predicted for rows of the input, which a pass came upon. */
  private addPart(weights: Tensor2D, first: number): void {
    const count = Math.min(weights.shape[0], this.images - first);
    this.parts.get(first)?.dispose(); // of a pass that ran out of memory
    this.parts.set(first, keep(slice(weights, [0, 0], [count, -1])));
  }

  /** Joins the parts once they are of all images. */
  private joinParts(): void {
    const rows: Tensor2D[] = [];
    for (let first = 0; first < this.images;) {
      const part = this.parts.get(first);
      if (part === undefined) return;
      rows.push(part);
      first += part.shape[0];
    }
    this.predicted ??= keep(concat(rows));
  }
}

/**
 * Reads classes as numbers, one per image; the "no" of a binary model as `{ against }`; undefined for
 * a mixture of "yes" and "no".
 */
function signedClasses(
  indices: ArrayLike<number>,
  weights: ArrayLike<number>,
): ClassIndex | undefined {
  // Weights are negative only in a model of one output, where they are one per image.
  const signs = new Set(Array.from(weights).filter((weight) => weight !== 0));
  if (!signs.has(-1)) return Array.from(indices);
  return signs.size === 1 ? { against: 0 } : undefined;
}

/** Counts the inputs that have the size of a 224 x 224 RGB image; more only cost memory on wasm. */
function defaultBatchSize(model: Model, x: Tensor): number {
  if (typeof model === 'function') return 1;
  return Math.max(1, Math.floor((224 * 224 * 3) / (x.size / x.shape[0]!)));
}

/**
 * Checks the arguments that all methods have. The caller disposes the context.
 * @throws TypeError or RangeError for a wrong argument
 */
export function openContext(
  model: AnyModel,
  input: Tensor | ImageInput,
  classIndex: ClassIndex,
  options: AttributionOptions,
): Context {
  checkModel(model);
  const values = readOptions(attributionOptions, options);
  const { x, isBatched } = toBatch(input, inputSpecOf(model, values.inputSpec), values.preprocess);
  keep(x); // a run may outlive the tidy it was started in
  try {
    const target = toTarget(classIndex, x.shape[0]!);
    const classCount = declaredClassCount(model, values.output);
    if (classCount !== undefined) checkClassCount(target, classCount);
    return new Context(model, x, classIndex, target, isBatched, values);
  } catch (error) {
    x.dispose();
    throw error;
  }
}
