import { concat, dispose, keep, reshape, sub, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTensor, outOfRange, wrongType } from '../checks.js';
import { inFunction } from '../inFunction.js';
import type { Model } from '../model/model.js';
import { checkKnown } from '../options.js';
import type { ImageInput } from '../preprocessing/image.js';
import { runSync } from '../run/task.js';
import type { Task } from '../run/task.js';
import type { ClassIndex } from '../score/classIndex.js';
import { attributionOptions } from './attributionOptions.js';
import { openContext } from './context.js';
import type { Context } from './context.js';
import { methodOf } from './defineMethod.js';
import type { Attribution, Method } from './defineMethod.js';
import { integratedGradients } from './integratedGradients.js';
import type { IntegratedGradientsOptions } from './integratedGradients.js';

/**
 * Measures how far an attribution is from complete.
 *
 * It is the sum of an attribution less the difference of the scores of the input and of what the
 * method starts from: the baseline (or the mean over several), or the blurred input. 0 is complete;
 * more `steps` or `samples` bring it closer.
 *
 * @param model as it was given to the method
 * @param input as it was given
 * @param classIndex as it was given
 * @param attribution what the method returned
 * @param options as they were given, and `method`, the method's function; default
 * {@link integratedGradients}
 * @returns in units of the score: [] for one image without batch dimension, [n] for n images, with
 * a leading axis of classes as the attribution has; the caller owns it
 * @throws TypeError or RangeError for a wrong argument, such as a method that is not complete
 */
export function convergenceDelta<Options extends object = IntegratedGradientsOptions>(
  model: Model,
  input: Tensor | ImageInput,
  classIndex: ClassIndex,
  attribution: Tensor,
  options: Options & { readonly method?: Attribution<Options> | undefined } = {} as Options,
): Tensor {
  return inFunction('convergenceDelta', () => {
    const { method: attribute = integratedGradients as unknown, ...rest } = options as object & {
      readonly method?: unknown;
    };
    const method = completeMethod(attribute);
    checkKnown(rest, attributionOptions, method.options!);
    const values = method.readOptions(rest);
    checkTensor('attribution', attribution);
    const context = openContext(model, input, classIndex, method.withDefaults(rest));
    try {
      return tidy(() => {
        checkSize(attribution, context, method);
        return runSync(context.guarded(deltaOf(context, method, values, attribution)));
      });
    } finally {
      context.dispose();
    }
  });
}

function completeMethod(attribute: unknown): Method {
  const method = typeof attribute === 'function' ? methodOf(attribute) : undefined;
  if (method?.referenceScores !== undefined) return method;
  const expected = 'a complete method of the library, such as integratedGradients';
  throw wrongType('method', expected, attribute);
}

function checkSize(attribution: Tensor, { classes, input }: Context, { name }: Method): void {
  if (attribution.size === classes * input.size) return;
  const expected = `a result of ${name}, ${classes * input.size} numbers`;
  throw outOfRange('attribution', expected, attribution);
}

function* deltaOf(
  context: Context,
  method: Method,
  options: object,
  attribution: Tensor,
): Task<Tensor> {
  const { classes, images, input } = context;
  const after = (yield* context.values(input)).map((scores) => keep(scores));
  try {
    const before = yield* method.referenceScores!(context, input, options);
    return tidy(() => {
      const differences = concat(after.map((score, i) => sub(score, before[i]!)));
      const sums = sum(reshape(attribution, [classes * images, -1]), 1);
      return context.shaped(reshape(sub(sums, differences), [classes, images]));
    });
  } finally {
    dispose(after);
  }
}
