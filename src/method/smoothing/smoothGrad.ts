import type { AttributionOptions } from '../arguments.js';
import type { LongRunOptions, StepsOptions } from './longRunOptions.js';
import { methodOf } from '../method.js';
import { smoothed } from './smooth.js';
import type { SmoothedAsync, SmoothedAttribution, SmoothedSteps } from './smooth.js';
import type { SmoothingOptions } from './smoothingOptions.js';
import { vanillaGradient } from '../vanillaGradient.js';

export type SmoothGradOptions = AttributionOptions & SmoothingOptions;
export type SmoothGradAsyncOptions = SmoothGradOptions & LongRunOptions;
export type SmoothGradStepsOptions = SmoothGradOptions & StepsOptions;

/**
 * The mean (or another statistic) of the gradients at noisy copies of the input:
 * `smoothGrad(model, input, classIndex, options?)`. Synchronous, like an op of tfjs; it works
 * inside `tf.tidy`.
 *
 * Letters: n images; `...` the shape of one input, [h, w, c] for an image; m classes per image.
 *
 * - `model`: a LayersModel, a GraphModel, anything with `predict`, or a synchronous function of
 *   tfjs ops.
 * - `input`: [n, ...] or [...] in the model's own scale; with `preprocess`, an RGB image; noise is
 *   added after preprocessing.
 * - `classIndex`: see {@link ClassIndex}; `'argmax'` is the class predicted for the clean input.
 *
 * Returns the statistic of the gradients, float32, of the shape of the model's input (without the
 * channel axis if `aggregate` is given), with a batch dimension exactly when the input had one, and
 * a leading axis of m when classes were given as lists. The caller owns it. It depends on the seed
 * and, to float32 rounding, neither on the batch size nor on the backend; the images of a batch see
 * the same noise and do not depend on each other.
 *
 * Throws TypeError or RangeError for a wrong argument, before anything is computed, and {@link
 * GradientError} if the model cannot be differentiated (it names the op, the backend and the way
 * out) or a sample's gradient is not finite; {@link OutOfMemoryError} if a batch of 1 does not fit
 * into the backend's memory.
 *
 * Sources: Smilkov et al.: SmoothGrad, https://arxiv.org/abs/1706.03825; Adebayo et al.: Local
 * Explanation Methods for Deep Neural Networks Lack Sensitivity to Parameter Values (VarGrad),
 * https://arxiv.org/abs/1810.03307
 */
export const smoothGrad: SmoothedAttribution<AttributionOptions> = /* @__PURE__ */ smoothed(
  'smoothGrad',
  /* @__PURE__ */ methodOf(vanillaGradient)!,
);

/**
 * {@link smoothGrad} as the long job it is: the event loop gets a turn after each pass, progress is
 * reported, the run can be aborted, and with `until` it stops by itself once the map has converged.
 *
 * Resolves to what `smoothGrad` returns for the same options and number of samples, to the bit; the
 * caller owns it. The input may be disposed as soon as the call has returned its promise. Rejects
 * with the errors of `smoothGrad`, or with the reason of an aborted `signal`, within one pass; an
 * already aborted one computes nothing. That holds where one sample takes several passes too,
 * because of its images, or of another method's steps.
 */
export const smoothGradAsync: SmoothedAsync<AttributionOptions> = smoothGrad.async;

/**
 * The map of {@link smoothGrad} as it converges: an async generator of {@link SmoothingStep}, after
 * each sample (or as many as fit into one pass) or after the numbers of samples in `at`, and at the
 * end. The caller owns each step's `map` (and `standardError`); leaving the loop early frees the
 * rest. Keep the input until the first step. Errors come with the step, as in {@link
 * smoothGradAsync}.
 */
export const smoothGradSteps: SmoothedSteps<AttributionOptions> = smoothGrad.steps;
