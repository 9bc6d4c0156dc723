/**
 * Compares the library's gradient of a user's model with finite differences.
 *
 * Letters: [...] the shape of one input, d directions.
 */
import {
  add,
  concat,
  dispose,
  keep,
  mul,
  neg,
  norm,
  randomNormal,
  reshape,
  slice,
  stack,
  sub,
  sum,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkNonNegative, checkPositiveInteger, outOfRange } from '../checks.js';
import { inFunction } from '../inFunction.js';
import { attributionOptions } from '../method/attributionOptions.js';
import type { AttributionOptions } from '../method/attributionOptions.js';
import type { Context } from '../method/context.js';
import { openSingle } from '../metric/defineMetric.js';
import { scoresInChunks } from '../metric/replacement.js';
import type { Model } from '../model/model.js';
import { checkKnown, option, optional, optionTable, readOptions } from '../options.js';
import type { OptionsOf, ValuesOf } from '../options.js';
import type { ImageInput } from '../preprocessing/image.js';
import { runAsync } from '../run/task.js';
import type { Task } from '../run/task.js';
import type { ClassIndex } from '../score/classIndex.js';
import { checkSeed, SAMPLES } from '../seed.js';
import { deviationOf } from '../smoothing/noise.js';
import { findWrongOp } from './wrongOp.js';

const checkGradientOptions = /* @__PURE__ */ optionTable(() => ({
  /** How many random directions. Default 8. */
  directions: option<number>(checkPositiveInteger, 8),
  /**
   * How far each number of the input moves, in the model's scale: the deviation of a normal
   * distribution. Default: 0.002 times the input's range.
   */
  step: option<number | undefined>(optional(checkNonNegative), undefined),
  /** The relative error above which the op that is wrong is looked for. Default 0.02. */
  tolerance: option<number>(checkNonNegative, 0.02),
  /** Draws the directions. Default 0. */
  seed: option<number>(checkSeed, 0),
}));

/**
 * Options of {@link checkGradient}.
 *
 * @interface
 */
export type CheckGradientOptions = OptionsOf<typeof checkGradientOptions> & AttributionOptions;

export interface GradientCheck {
  /** |differences - gradient| / |differences|, over the directions: about 0.001 in float32. */
  readonly relativeError: number;
  /** Whether the error is within the tolerance. */
  readonly passed: boolean;
  /** The tfjs kernel, or 'customGrad', behind which the gradient is wrong; if it was found. */
  readonly wrongOp?: string;
}

/**
 * Compares the library's gradient with central differences, for a model of your own.
 *
 * Custom ops and `tf.customGrad` are checked as well. Where the two differ, the op is looked for
 * whose gradient is off, from the output back, at twice as many forward passes as it has ops. A
 * model that jumps has no gradient to compare with; one with kinks (ReLU) needs a small step.
 *
 * @param model as for the methods
 * @param input one input, with or without batch dimension
 * @param classIndex one class
 * @throws TypeError or RangeError (as a rejection) for a wrong argument
 */
export function checkGradient(
  model: Model,
  input: Tensor | ImageInput,
  classIndex: ClassIndex,
  options: CheckGradientOptions = {},
): Promise<GradientCheck> {
  return inFunction('checkGradient', async () => {
    checkKnown(options, attributionOptions, checkGradientOptions);
    const values = readOptions(checkGradientOptions, options);
    const context = openSingle(model, input, classIndex, options);
    try {
      const task = context.guarded(relativeErrors(context, values));
      const found = await runAsync(task, () => undefined);
      const [error, size] = await found.data();
      found.dispose();
      const relativeError = error! / size!;
      if (Number.isNaN(relativeError)) throw outOfRange('model', 'one whose score varies', model);
      if (relativeError <= values.tolerance) return { relativeError, passed: true };
      const { output, gradients } = readOptions(attributionOptions, options);
      const wrongOp = await findWrongOp({
        model,
        input: context.input,
        output,
        gradients,
        ...values,
      });
      return { relativeError, passed: false, ...(wrongOp === undefined ? {} : { wrongOp }) };
    } finally {
      context.dispose();
    }
  });
}

type Values = ValuesOf<typeof checkGradientOptions>;

/** Computes |differences - gradient| and |differences| over the directions: [2]. */
function* relativeErrors(context: Context, values: Values): Task<Tensor> {
  const { input } = context;
  const [gradient] = yield* context.gradients(input);
  keep(gradient!);
  const moves = keep(tidy(() => movesOf(context, values)));
  const rows = keep(tidy(() => add(input, concat([moves, neg(moves)]))));
  try {
    const { directions } = values;
    const scores = yield* scoresInChunks(context, 2 * directions, (first, size) =>
      slice(rows, first, size),
    );
    try {
      return tidy(() => {
        const differences = sub(slice(scores, 0, directions), slice(scores, directions));
        const expected = mul(2, sum(reshape(mul(moves, gradient!), [directions, -1]), 1));
        return stack([norm(sub(differences, expected)), norm(differences)]);
      });
    } finally {
      scores.dispose();
    }
  } finally {
    dispose([gradient!, moves, rows]);
  }
}

/** Draws the moves of the input, [d, ...]. */
function movesOf({ input, preprocess }: Context, { directions, step, seed }: Values): Tensor {
  const [, ...shape] = input.shape;
  const drawn = Array.from({ length: directions }, (_, i) =>
    randomNormal(shape, 0, 1, 'float32', seed * SAMPLES + i + 1),
  );
  return mul(stack(drawn), deviationOf(input, 0.002, step, preprocess));
}
