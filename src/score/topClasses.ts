import type { Tensor } from '@tensorflow/tfjs-core';
import { checkPositiveInteger, isTensor, outOfRange, wrongType } from '../checks.js';
import { inFunction } from '../inFunction.js';
import { attributionOptions } from '../method/attributionOptions.js';
import { openContext } from '../method/context.js';
import type { Context } from '../method/context.js';
import { nonFiniteError } from '../method/nonFinite.js';
import type { Model } from '../model/model.js';
import { checkKnown, option, optional, optionTable, readOptions } from '../options.js';
import type { OptionsOf } from '../options.js';
import type { ImageInput } from '../preprocessing/image.js';
import { runAsync, runSync } from '../run/task.js';
import type { Task } from '../run/task.js';
import { declaredClassCount } from './outputs.js';

/** A class of a model, and what the model says of it. */
export interface ClassScore {
  readonly classIndex: number;
  /** Its name, if `labels` were given. */
  readonly label?: string;
  /** The model's output as it is, a probability for most models. */
  readonly score: number;
}

function checkLabels(argument: string, labels: unknown): asserts labels is readonly string[] {
  const expected = 'an array of the names of all classes';
  if (!Array.isArray(labels)) throw wrongType(argument, expected, labels);
  const wrong: unknown = labels.find((label) => typeof label !== 'string');
  if (wrong !== undefined) throw wrongType(argument, expected, labels);
}

const topClassesOptions = /* @__PURE__ */ optionTable(() => {
  const { preprocess, output, inputSpec } = attributionOptions;
  return {
    preprocess,
    output,
    inputSpec,
    /** The names of the classes, in the order of the model's outputs. Default: none. */
    labels: option<readonly string[] | undefined>(optional(checkLabels), undefined),
    /** How many classes, at the most. Default 5. */
    count: option<number>(checkPositiveInteger, 5),
  };
});

/**
 * Options of {@link topClasses}.
 *
 * @interface
 */
export type TopClassesOptions = OptionsOf<typeof topClassesOptions>;

type Call = [model: Model, input: Tensor | ImageInput, options?: TopClassesOptions];

/** The function {@link topClasses}, with its asynchronous form. */
export interface TopClasses {
  (model: Model, input: Tensor | ImageInput, options?: TopClassesOptions): ClassScore[];
  /** Computes the same without waiting for the backend, which webgpu needs. */
  readonly async: (
    model: Model,
    input: Tensor | ImageInput,
    options?: TopClassesOptions,
  ) => Promise<ClassScore[]>;
}

/**
 * Lists the classes that a model finds likeliest, by descending score.
 *
 * What `'argmax'` stands for is the first of them (but for a model of one sigmoid output, which has
 * only class 0). Runs the model once; equal scores come in the order of their classes.
 *
 * @param model as for {@link vanillaGradient}
 * @param input one image, with or without its batch dimension; see {@link vanillaGradient}
 * @throws TypeError or RangeError for a wrong argument; GradientError if a score is NaN or infinite
 *
 * @function
 */
export const topClasses: TopClasses = /* @__PURE__ */ Object.assign(
  (...call: Call) =>
    inFunction('topClasses', () => {
      const { context, options, task } = openCall(...call);
      try {
        const outputs = runSync(task);
        const scores = outputs.dataSync();
        outputs.dispose();
        return ranked(scores, options);
      } finally {
        context.dispose();
      }
    }),
  {
    async: (...call: Call) =>
      inFunction('topClasses.async', async () => {
        const { context, options, task } = openCall(...call);
        try {
          const outputs = await runAsync(task, () => undefined);
          const scores = await outputs.data();
          outputs.dispose();
          return ranked(scores, options);
        } finally {
          context.dispose();
        }
      }),
  },
);

type Options = ReturnType<typeof readOptions<typeof topClassesOptions>>;

/** Checks the arguments; the caller disposes the context. */
function openCall(...[model, input, callOptions = {}]: Call): {
  context: Context;
  options: Options;
  task: Task<Tensor>;
} {
  checkKnown(callOptions, topClassesOptions);
  const options = readOptions(topClassesOptions, callOptions);
  const { preprocess, output, inputSpec, labels } = options;
  const context = openContext(model, input, 'argmax', { preprocess, output, inputSpec });
  try {
    if (context.images !== 1) {
      const wayOut = 'call topClasses for each of them';
      const actual = isTensor(input) ? input : { images: context.images };
      throw outOfRange('input', 'one image, not a batch', actual, wayOut);
    }
    const classCount = declaredClassCount(model, output);
    if (classCount !== undefined) checkLabelCount(labels, classCount);
    return { context, options, task: context.guarded(context.outputs(context.input)) };
  } catch (error) {
    context.dispose();
    throw error;
  }
}

function checkLabelCount(labels: Options['labels'], classCount: number): void {
  if (labels === undefined || labels.length === classCount) return;
  throw outOfRange('labels.length', `${classCount}, the number of classes`, labels.length);
}

function ranked(scores: ArrayLike<number>, { labels, count }: Options): ClassScore[] {
  checkLabelCount(labels, scores.length);
  const all = Array.from(scores);
  if (!all.every(Number.isFinite)) throw nonFiniteError('');
  return [...all.keys()]
    .sort((a, b) => all[b]! - all[a]!)
    .slice(0, count)
    .map((classIndex) => ({
      classIndex,
      ...(labels !== undefined && { label: labels[classIndex]! }),
      score: all[classIndex]!,
    }));
}
