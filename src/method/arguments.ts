/**
 * What all methods have in common: their first arguments, their first options, and what becomes of
 * the result.
 */
import { keep, reshape } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkChoice, checkPositiveInteger, outOfRange, wrongType } from '../arguments.js';
import { toBatch } from '../model/batch.js';
import { checkModel } from '../model/model.js';
import type { Model } from '../model/model.js';
import type { Preprocessing } from '../preprocessing/preprocessing.js';
import { checkClassCount, toTarget } from '../target/classIndex.js';
import type { ClassIndex } from '../target/classIndex.js';
import { declaredClassCount } from '../target/outputs.js';
import { SCORES } from '../target/score.js';
import type { Score } from '../target/score.js';
import { defaultBatchSize, ScoreGradient } from './scoreGradient.js';

/** Options of every attribution method. */
export interface AttributionOptions {
  /**
   * A preset such as `vgg16`; the input is then an RGB image as people have it. Default: none, a
   * tensor in the model's scale.
   */
  preprocess?: Preprocessing | undefined;
  /** The scalar that is differentiated. Default `'logit'`. */
  score?: Score | undefined;
  /** Which output of a model that has several, by name or index; of a graph, any node's name. */
  output?: string | number | undefined;
  /**
   * The greatest number of inputs in one pass; no result depends on it. Default: as many as have
   * the size of one 224 x 224 RGB image. A model with a fixed batch takes its own. Where the
   * backend's memory does not suffice, it is halved, down to 1.
   */
  batchSize?: number | undefined;
}

export const ATTRIBUTION_OPTIONS = ['preprocess', 'score', 'output', 'batchSize'];

/** What a method works on, and what it has to free. */
export interface Subject {
  readonly model: Model;
  readonly classIndex: ClassIndex;
  readonly gradient: ScoreGradient;
  /** [n, ...], owned by the subject. */
  readonly x: Tensor;
  /** n */
  readonly images: number;
  /** m, the number of explained classes per image. */
  readonly classes: number;
  /** What the method needs besides: the options, the model's input range. */
  readonly preprocess: Preprocessing | undefined;
  /**
   * From [m, n, ...] to what the caller gets: without the axis m unless classes were given as
   * lists, without the axis n unless the input had a batch dimension.
   */
  shaped(result: Tensor): Tensor;
  dispose(): void;
}

/** Checks the arguments that all methods have. The caller disposes the subject. */
export function openSubject(
  caller: string,
  model: Model,
  input: unknown,
  classIndex: ClassIndex,
  options: AttributionOptions,
): Subject {
  const { preprocess, score = 'logit', output, batchSize } = options;
  checkModel(caller, model);
  checkPreprocess(caller, preprocess);
  if (typeof score !== 'function') checkChoice(caller, 'score', score, SCORES);
  checkOutput(caller, output);
  if (batchSize !== undefined) checkPositiveInteger(caller, 'batchSize', batchSize);

  const { x, batched } = toBatch(caller, model, input, preprocess);
  keep(x); // a run may outlive the tidy it was started in
  try {
    const images = x.shape[0]!;
    const target = toTarget(caller, classIndex, images);
    const classCount = declaredClassCount(model, output);
    if (classCount !== undefined) checkClassCount(caller, target, classCount);
    const gradient = new ScoreGradient(caller, model, target, images, {
      score,
      output,
      batchSize: batchSize ?? defaultBatchSize(x),
    });
    return {
      model,
      classIndex,
      gradient,
      x,
      images,
      classes: target.classes,
      preprocess,
      shaped(result) {
        const [m = 1, n = 1, ...rest] = result.shape;
        return reshape(result, [...(target.listed ? [m] : []), ...(batched ? [n] : []), ...rest]);
      },
      dispose() {
        gradient.dispose();
        x.dispose();
      },
    };
  } catch (error) {
    x.dispose();
    throw error;
  }
}

function checkPreprocess(caller: string, preprocess: unknown): void {
  if (preprocess === undefined) return;
  const { preprocess: convert, range } = (preprocess ?? {}) as Partial<Preprocessing>;
  if (typeof convert !== 'function' || !Array.isArray(range)) {
    throw wrongType(
      caller,
      'preprocess',
      'a preset such as vgg16, or one of createPreprocessing',
      preprocess,
    );
  }
}

function checkOutput(caller: string, output: unknown): void {
  if (output === undefined || typeof output === 'string') return;
  if (typeof output !== 'number')
    throw wrongType(caller, 'output', "an output's name or index", output);
  if (!Number.isInteger(output) || output < 0)
    throw outOfRange(caller, 'output', "an output's name or index", output);
}
