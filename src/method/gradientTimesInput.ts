import { dispose, mul } from '@tensorflow/tfjs-core';
import { ATTRIBUTION_OPTIONS } from './arguments.js';
import type { AttributionOptions } from './arguments.js';
import { attributionOf } from './method.js';
import type { Attribution } from './method.js';

/**
 * The gradient times the input, in units of the score: `gradientTimesInput(model, input,
 * classIndex, options?)`.
 *
 * Arguments, result and errors are those of {@link vanillaGradient}. The input is taken in the
 * model's own scale, so that after a preset that subtracts means, a pixel of the mean colour gets
 * 0.
 *
 * Source: Shrikumar et al.: Not Just a Black Box, https://arxiv.org/abs/1605.01713
 */
export const gradientTimesInput: Attribution<AttributionOptions> = /* @__PURE__ */ attributionOf({
  name: 'gradientTimesInput',
  options: ATTRIBUTION_OPTIONS,
  prepare: () =>
    function* (subject, rows) {
      const gradients = yield* subject.gradient.of(rows);
      try {
        return gradients.map((gradient) => mul(gradient, rows));
      } finally {
        dispose(gradients);
      }
    },
});
