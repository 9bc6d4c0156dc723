/** The options that every attribution method has. */
import { checkChoice, checkPositiveInteger, wrongType } from '../checks.js';
import { checkGradients } from '../gradient/registeredGradient.js';
import type { CustomGradients } from '../gradient/registeredGradient.js';
import { checkInputSpec } from '../model/model.js';
import type { InputSpec } from '../model/model.js';
import { checkOutput } from '../model/runModel.js';
import type { OutputChoice } from '../model/runModel.js';
import { option, optional, optionTable } from '../options.js';
import type { OptionsOf } from '../options.js';
import type { Preprocessing } from '../preprocessing/preprocessing.js';
import { checkScore } from '../score/score.js';
import type { Score } from '../score/score.js';
import type { KernelChoice } from '../score/scoreEvaluator.js';

function checkPreprocess(
  argument: string,
  preprocess: unknown,
): asserts preprocess is Preprocessing {
  const { preprocess: convert, range } = (preprocess ?? {}) as Partial<Preprocessing>;
  if (typeof convert !== 'function' || !Array.isArray(range)) {
    throw wrongType(argument, 'a preset such as vgg16, or one of createPreprocessing', preprocess);
  }
}

const KERNELS = ['own', 'tfjs', 'own-relaxed'] as const;

function checkKernels(argument: string, kernels: unknown): asserts kernels is KernelChoice {
  checkChoice(argument, kernels, KERNELS);
}

export const attributionOptions = /* @__PURE__ */ optionTable(() => ({
  /**
   * A preset such as `vgg16`; the input is then an RGB image as people have it. Default: none, a
   * tensor in the model's scale.
   */
  preprocess: option<Preprocessing | undefined>(optional(checkPreprocess), undefined),
  /**
   * The scalar that is explained. Default `'logit'`.
   *
   * - `'logit'`: the class score before a final softmax or sigmoid, else the output
   * - `'output'`: the output itself, a probability for most models
   * - `'logProbability'`: the logarithm of the softmax's or sigmoid's output
   * - `'crossEntropy'`: -log softmax(output)[class]
   * - a function `(outputs [n, k], classes [n] int32) => Tensor` of shape [n] or []
   */
  score: option<Score>(checkScore, 'logit'),
  /** Which output of a model that has several, by name or index; of a graph, any node's name. */
  output: option<OutputChoice>(checkOutput, undefined),
  /**
   * The greatest number of inputs in one pass; no result depends on it. Default: 1 for a plain
   * function, as many take one row only; else as many as have the size of one 224 x 224 RGB image.
   * A model with a fixed batch takes its own. Where memory does not suffice, it is halved, down to
   * 1.
   */
  batchSize: option<number | undefined>(optional(checkPositiveInteger), undefined),
  /**
   * What the model takes, `{ shape?, dtype? }`, where it does not say so itself: a plain function.
   */
  inputSpec: option<InputSpec | undefined>(checkInputSpec, undefined),
  /**
   * Custom gradients by kernel name, `{ Relu: config }`, which take precedence over the library's:
   * a config as `tf.registerGradient` takes, or its `gradFunc` alone.
   */
  gradients: option<CustomGradients | undefined>(checkGradients, undefined),
  /**
   * Whose kernels compute the passes, on wasm with SIMD; other backends and your own predictions
   * are not touched. Default `'own'`.
   *
   * - `'own'`: the library's where they are faster
   * - `'tfjs'`: the backend's
   * - `'own-relaxed'`: the library's with relaxed SIMD where the machine has it, some 10 % faster;
   *   results then differ between machines in the last digits
   */
  kernels: option<KernelChoice>(checkKernels, 'own'),
}));

/**
 * Options of every attribution method.
 *
 * @interface
 */
export type AttributionOptions = OptionsOf<typeof attributionOptions>;
