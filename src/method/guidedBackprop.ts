import { guidedRules } from '../gradient/rules/rectified.js';
import type { AttributionOptions } from './attributionOptions.js';
import { defineMethod } from './defineMethod.js';
import type { Attribution } from './defineMethod.js';

export type GuidedBackpropOptions = AttributionOptions;

/**
 * Computes the gradient with only positive signals passing back through each rectifier.
 *
 * At ReLU, ReLU6 (whose gate is open for 0 < y < 6), clipped and fused ones and max(x, 0), what
 * comes back is cut to its positive part before the rectifier's own gate; other activations keep
 * their gradient. Of a model without rectifiers it is the gradient.
 *
 * Arguments, result and errors are those of {@link vanillaGradient}. Beware: the maps stay much the
 * same when the weights of the upper layers are randomised, so they show edges of the input more
 * than reasons of the model (Adebayo et al.: Sanity Checks for Saliency Maps,
 * https://arxiv.org/abs/1810.03292; Sixt et al.: When Explanations Lie,
 * https://arxiv.org/abs/1912.09818; Nie et al., https://arxiv.org/abs/1805.07039).
 *
 * Source: Springenberg et al.: Striving for Simplicity, https://arxiv.org/abs/1412.6806
 *
 * @function
 */
export const guidedBackprop: Attribution<GuidedBackpropOptions> = /* @__PURE__ */ defineMethod({
  name: 'guidedBackprop',
  options: {},
  attribute: (context, rows) => context.gradients(rows, guidedRules),
});
