import type { AttributionOptions } from './attributionOptions.js';
import { defineMethod } from './defineMethod.js';
import type { Attribution } from './defineMethod.js';

export type VanillaGradientOptions = AttributionOptions;

/**
 * Computes the gradient of a class score with respect to the input.
 *
 * Letters: n images; `...` the shape of one input, [h, w, c] for an image; m classes per image.
 *
 * Returns the gradient in units of score per unit of input, float32, of the shape of the model's
 * input, with a batch dimension exactly when the input had one, and a leading axis of m when
 * classes were given as lists. The caller owns it.
 *
 * Throws TypeError or RangeError for a wrong argument, before anything is computed;
 * {@link GradientError} if the model cannot be differentiated (it names the op, the backend and the
 * way out) or the gradient is not finite; {@link OutOfMemoryError} if a batch of 1 does not fit
 * into the backend's memory.
 *
 * Source: Simonyan, Vedaldi, Zisserman: Deep Inside Convolutional Networks,
 * https://arxiv.org/abs/1312.6034
 *
 * @function
 */
export const vanillaGradient: Attribution<VanillaGradientOptions> = /* @__PURE__ */ defineMethod({
  name: 'vanillaGradient',
  options: {},
  attribute: (context, rows) => context.gradients(rows),
});
