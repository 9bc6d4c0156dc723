import type { AttributionOptions } from '../method/attributionOptions.js';
import { methodOf } from '../method/defineMethod.js';
import { vanillaGradient } from '../method/vanillaGradient.js';
import type { LongRunOptions, StepsOptions } from './convergenceOptions.js';
import { smoothed } from './smooth.js';
import type { SmoothedAsync, SmoothedAttribution, SmoothedSteps } from './smooth.js';
import type { SmoothingOptions } from './smoothingOptions.js';

export type SmoothGradOptions = AttributionOptions & SmoothingOptions;
export type SmoothGradAsyncOptions = SmoothGradOptions & LongRunOptions;
export type SmoothGradStepsOptions = SmoothGradOptions & StepsOptions;

/**
 * Computes the mean (or another statistic) of the gradients at noisy copies of the input.
 *
 * Synchronous, like an op of tfjs; it works inside `tf.tidy`. Arguments are those of
 * {@link vanillaGradient}; noise is added after preprocessing.
 *
 * Returns the statistic of the gradients, float32, of the shape of the model's input (without the
 * channel axis if `aggregate` is given), with a batch dimension exactly when the input had one, and
 * a leading axis of m when classes were given as lists. The caller owns it. It depends on the seed
 * and, to float32 rounding, neither on the batch size nor on the backend; the images of a batch see
 * the same noise and do not depend on each other.
 *
 * Throws TypeError or RangeError for a wrong argument, before anything is computed;
 * {@link GradientError} if the model cannot be differentiated (it names the op, the backend and the
 * way out) or a sample's gradient is not finite; {@link OutOfMemoryError} if a batch of 1 does not
 * fit into the backend's memory.
 *
 * Sources: Smilkov et al.: SmoothGrad, https://arxiv.org/abs/1706.03825; Adebayo et al.: Local
 * Explanation Methods for Deep Neural Networks Lack Sensitivity to Parameter Values (VarGrad),
 * https://arxiv.org/abs/1810.03307
 *
 * @function
 */
export const smoothGrad: SmoothedAttribution<AttributionOptions> = /* @__PURE__ */ smoothed(
  'smoothGrad',
  /* @__PURE__ */ methodOf(vanillaGradient)!,
);

/**
 * Computes {@link smoothGrad} asynchronously, with progress, abort and `until`.
 *
 * The event loop gets a turn after each pass, and with `until` the run stops by itself once the map
 * has converged. Resolves to what `smoothGrad` returns for the same options and number of samples,
 * to the bit; the caller owns it. The input may be disposed as soon as the call has returned its
 * promise. Rejects with the errors of `smoothGrad`, or with the reason of an aborted `signal`,
 * within one pass; an already aborted one computes nothing. That holds where one sample takes
 * several passes too, because of its images, or of another method's steps.
 *
 * @function
 */
export const smoothGradAsync: SmoothedAsync<AttributionOptions> = (...call) =>
  smoothGrad.async(...call);

/**
 * Yields the map of {@link smoothGrad} as it converges.
 *
 * An async generator of {@link SmoothingStep}, after each sample (or as many as fit into one pass)
 * or after the numbers of samples in `at`, and at the end. The caller owns each step's `map` (and
 * `standardError`). After the last step, and when the loop is left early, everything else is freed.
 * Keep the input until the first step. Errors come with the step, as in {@link smoothGradAsync}.
 *
 * @function
 */
export const smoothGradSteps: SmoothedSteps<AttributionOptions> = (...call) =>
  smoothGrad.steps(...call);
