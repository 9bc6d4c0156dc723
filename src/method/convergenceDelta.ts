import { concat, reshape, sub, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTensor, outOfRange } from '../checks.js';
import { inFunction } from '../inFunction.js';
import type { Model } from '../model/model.js';
import { checkKnown, readOptions } from '../options.js';
import type { ImageInput } from '../preprocessing/image.js';
import { runSync } from '../run/task.js';
import type { Task } from '../run/task.js';
import type { ClassIndex } from '../score/classIndex.js';
import { attributionOptions } from './attributionOptions.js';
import { overBaselines } from './baseline.js';
import type { BaselineChoice } from './baseline.js';
import { openContext } from './context.js';
import type { Context } from './context.js';
import type { IntegratedGradientsOptions } from './integratedGradients.js';
import { pathOptions } from './pathOptions.js';

/**
 * Measures how far integrated gradients are from complete.
 *
 * It is the sum of an attribution less the difference of the scores of the input and of the
 * baseline. 0 is complete; more `steps` bring it closer.
 *
 * @param model as it was given to {@link integratedGradients}
 * @param input as it was given
 * @param classIndex as it was given
 * @param attribution what {@link integratedGradients} returned
 * @param options as they were given
 * @returns in units of the score: [] for one image without batch dimension, [n] for n images, with
 * a leading axis of classes as the attribution has; the caller owns it
 * @throws TypeError or RangeError for a wrong argument
 */
export function convergenceDelta(
  model: Model,
  input: Tensor | ImageInput,
  classIndex: ClassIndex,
  attribution: Tensor,
  options: IntegratedGradientsOptions = {},
): Tensor {
  return inFunction('convergenceDelta', () => {
    checkKnown(options, attributionOptions, pathOptions);
    const choice = readOptions(pathOptions, options);
    checkTensor('attribution', attribution);
    const context = openContext(model, input, classIndex, options);
    try {
      return tidy(() => {
        checkSize(attribution, context);
        return runSync(context.guarded(deltaOf(context, choice, attribution)));
      });
    } finally {
      context.dispose();
    }
  });
}

function checkSize(attribution: Tensor, { classes, input }: Context): void {
  if (attribution.size === classes * input.size) return;
  const expected = `a result of integratedGradients, ${classes * input.size} numbers`;
  throw outOfRange('attribution', expected, attribution);
}

function* deltaOf(context: Context, choice: BaselineChoice, attribution: Tensor): Task<Tensor> {
  const { classes, images, input } = context;
  const after = yield* context.values(input);
  const before = yield* overBaselines(context, input, choice, (start) => context.values(start));
  return tidy(() => {
    const differences = concat(after.map((score, i) => sub(score, before[i]!)));
    const sums = sum(reshape(attribution, [classes * images, -1]), 1);
    return context.shaped(reshape(sub(sums, differences), [classes, images]));
  });
}
