import { deconvolutionRules } from '../gradient/rules/rectified.js';
import type { AttributionOptions } from './attributionOptions.js';
import { defineMethod } from './defineMethod.js';

export type DeconvnetOptions = AttributionOptions;

/**
 * Computes the gradient with each rectifier applied to the gradient instead of its gate.
 *
 * At ReLU, ReLU6, clipped and fused ones and max(x, 0), what comes back is cut to its positive
 * part, whether the rectifier was open or not; other activations keep their gradient, and max
 * pooling remembers its places. Of a model without rectifiers it is the gradient.
 *
 * Arguments, result and errors are those of {@link vanillaGradient}. Beware: the maps hardly depend
 * on the class or on the weights of the upper layers; they show edges of the input (Sixt et al.:
 * When Explanations Lie, https://arxiv.org/abs/1912.09818; Adebayo et al.: Sanity Checks for
 * Saliency Maps, https://arxiv.org/abs/1810.03292; Nie et al., https://arxiv.org/abs/1805.07039).
 *
 * Source: Zeiler, Fergus: Visualizing and Understanding Convolutional Networks,
 * https://arxiv.org/abs/1311.2901
 *
 * @function
 */
export const deconvnet = /* @__PURE__ */ defineMethod({
  name: 'deconvnet',
  options: {},
  attribute: (context, rows) => context.gradients(rows, deconvolutionRules),
});
