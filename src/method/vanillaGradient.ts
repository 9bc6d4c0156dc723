import { ATTRIBUTION_OPTIONS } from './arguments.js';
import type { AttributionOptions } from './arguments.js';
import { attributionOf } from './method.js';
import type { Attribution } from './method.js';

export type VanillaGradientOptions = AttributionOptions;

/**
 * The gradient of a class score by the input: `vanillaGradient(model, input, classIndex,
 * options?)`.
 *
 * Letters: n images; `...` the shape of one input, [h, w, c] for an image; m classes per image.
 *
 * - `model`: a LayersModel, a GraphModel, anything with `predict`, or a synchronous function of
 *   tfjs ops.
 * - `input`: [n, ...] or [...] in the model's own scale; with `preprocess`, an RGB image. A plain
 *   function has no known input shape: only an input of rank 1 is taken as one without its batch
 *   dimension.
 * - `classIndex`: see {@link ClassIndex}; `'argmax'` is the class predicted for the input.
 *
 * Returns the gradient in units of score per unit of input, float32, of the shape of the model's
 * input, with a batch dimension exactly when the input had one, and a leading axis of m when
 * classes were given as lists. The caller owns it.
 *
 * Throws TypeError or RangeError for a wrong argument, before anything is computed, and {@link
 * GradientError} if the model cannot be differentiated (it names the op, the backend and the way
 * out) or the gradient is not finite; {@link OutOfMemoryError} if a batch of 1 does not fit into
 * the backend's memory.
 *
 * Source: Simonyan, Vedaldi, Zisserman: Deep Inside Convolutional Networks,
 * https://arxiv.org/abs/1312.6034
 */
export const vanillaGradient: Attribution<VanillaGradientOptions> = /* @__PURE__ */ attributionOf({
  name: 'vanillaGradient',
  options: ATTRIBUTION_OPTIONS,
  prepare: () => (subject, rows) => subject.gradient.of(rows),
});
