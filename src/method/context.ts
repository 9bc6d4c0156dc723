/**
 * What a method works on: the model, the input and the class, checked and resolved, and the few
 * things that a method may ask of the model.
 *
 * Letters: n images, k outputs of the model, m explained classes per image, r rows of a batch
 * (several noisy samples or points of a path of n images, one after another); row i belongs to
 * image i % n.
 */
import { argMax, keep, reshape, slice, square, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { outOfRange } from '../checks.js';
import type { KernelHook } from '../gradient/kernelHook.js';
import { rules as gradientRules } from '../gradient/rules/index.js';
import type { RuleTable } from '../gradient/rule.js';
import { RunCache } from '../gradient/runCache.js';
import type { Layer, LayerChoice } from '../layer/layers.js';
import type { ImageInput } from '../preprocessing/image.js';
import { toBatch } from '../model/batch.js';
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
import type { RowTarget } from '../score/rowTarget.js';
import { ScoreEvaluator } from '../score/scoreEvaluator.js';
import type { FromTape, LayerOutput, TapeOptions } from '../score/scoreEvaluator.js';
import { attributionOptions } from './attributionOptions.js';
import type { AttributionOptions } from './attributionOptions.js';

/** What there is at a layer: its output, and each class's gradient with respect to it. */
export interface LayerActivation {
  /** [r, h, w, c] */
  readonly activation: Tensor;
  /** m tensors [r, h, w, c] */
  readonly gradients: readonly Tensor[];
}

/** How `values` differs from a plain pass. */
export interface ValueOptions {
  /** Makes the hook of a pass over rows `first` ... `first + count - 1`. */
  readonly hook?: (count: number, first: number) => KernelHook;
  /** The choice of layers that the hook's kernels were counted with. */
  readonly layer?: LayerChoice | undefined;
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
  /** Whether 'argmax' is asked again for every row, as for noisy samples in the article. */
  argmaxPerRow = false;

  private readonly cache = new RunCache();
  private readonly runner: BatchRunner;
  private readonly evaluator: ScoreEvaluator;
  private readonly usesScoreFunction: boolean;
  /** [n, k], owned: the weights of the classes that 'argmax' stands for, once they were needed. */
  private predicted: Tensor2D | undefined;
  private resolved: ClassIndex | undefined;

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
    this.evaluator = new ScoreEvaluator({
      model,
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
    yield* this.resolveArgmax(rows);
    return yield* this.runner.over(rows, (part, first) =>
      this.evaluator.gradients(part, this.rowTarget(part, first), rules),
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
  *record(row: Tensor, options: TapeOptions, firstRow: number): Task<Tape> {
    let tape: Tape | undefined;
    yield* this.runner.over(row, (part) => {
      tape = this.evaluator.record(part, this.rowTarget(part, firstRow), options);
      return [];
    });
    return tape!;
  }

  /** Computes each row's score: m tensors [r]. */
  *values(rows: Tensor, { hook, layer, predicted }: ValueOptions = {}): Task<Tensor[]> {
    if (predicted === undefined) yield* this.resolveArgmax(rows);
    return yield* this.runner.over(rows, (part, first) =>
      this.evaluator.scores(part, this.rowTarget(part, first, predicted), {
        hook: hook?.(part.shape[0]!, first),
        layer,
      }),
    );
  }

  /**
   * Computes the activation [r, h, w, c] of each chosen layer, and the gradients of the m scores
   * with respect to it.
   * @param choice undefined for the features that the head reads
   */
  *atLayers(rows: Tensor, choice: LayerChoice | undefined): Task<LayerActivation[]> {
    yield* this.resolveArgmax(rows);
    const tensors = yield* this.runner.over(rows, (part, first) =>
      this.evaluator.atLayers(part, this.rowTarget(part, first), choice),
    );
    const perLayer = 1 + this.classes;
    return Array.from({ length: tensors.length / perLayer }, (_, i) => {
      const [activation, ...gradients] = tensors.slice(i * perLayer, (i + 1) * perLayer);
      return { activation: activation!, gradients };
    });
  }

  /** Computes the activation of each chosen layer, without a way back. */
  *activations(rows: Tensor, choice: LayerChoice | undefined): Task<LayerOutput[]> {
    yield* this.resolveArgmax(rows);
    let kernels: (number | undefined)[] = [];
    const tensors = yield* this.runner.over(rows, (part, first) => {
      const found = this.evaluator.activations(part, this.rowTarget(part, first), choice);
      kernels = found.map(({ kernel }) => kernel);
      return found.map(({ activation }) => activation);
    });
    return tensors.map((activation, i) => ({ activation, kernel: kernels[i] }));
  }

  /** Lists the layers that `atLayers` can look at. */
  layers(): Layer[] {
    const first = slice(this.input, 0, 1);
    try {
      return this.evaluator.layers(first, this.rowTarget(first, 0));
    } finally {
      first.dispose();
    }
  }

  /** Computes the model's outputs, [r, k]. */
  *outputs(rows: Tensor): Task<Tensor> {
    const [outputs] = yield* this.runner.over(rows, (part, first) => [
      this.evaluator.outputs(part, this.rowTarget(part, first)),
    ]);
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
    if (this.target.terms !== undefined || this.predicted !== undefined) return;
    if (this.argmaxPerRow || (rows === this.input && !this.usesScoreFunction)) return;
    this.predicted = keep(yield* this.predictions(this.input));
  }

  /** Computes the weights of the class predicted for each row, [r, k]. */
  *predictions(rows: Tensor): Task<Tensor2D> {
    const [predicted] = yield* this.runner.over(rows, (part, first) => [
      this.evaluator.predicted(part, this.rowTarget(part, first)),
    ]);
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

  /** The class index with 'argmax' resolved, if `resolveArgmax` has run. */
  resolvedClassIndex(): ClassIndex {
    const { predicted } = this;
    if (predicted === undefined) return this.classIndex;
    const indices = (): ArrayLike<number> => tidy(() => argMax(square(predicted), 1).dataSync());
    return (this.resolved ??= signedClasses(indices(), predicted.dataSync()));
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
    this.cache.dispose();
    this.input.dispose();
  }

  private rowTarget(rows: Tensor, first: number, predicted = this.predicted): RowTarget {
    const images = predicted?.shape[0] ?? this.images;
    const imageOf = Array.from({ length: rows.shape[0]! }, (_, i) => (first + i) % images);
    return { target: this.target, imageOf, predicted };
  }
}

/** The classes as numbers, one per image; the "no" of a binary model as `{ against }`. */
function signedClasses(indices: ArrayLike<number>, weights: ArrayLike<number>): ClassIndex {
  // Weights are negative only in a model of one output, where they are one per image.
  const signs = new Set(Array.from(weights).filter((weight) => weight !== 0));
  if (!signs.has(-1)) return Array.from(indices);
  if (signs.size === 1) return { against: 0 };
  throw outOfRange(
    'classIndex',
    "0 or { against: 0 } where the images of a batch differ in 'yes' and 'no'",
    'argmax',
  );
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
  model: Model,
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
