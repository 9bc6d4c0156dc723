import { dispose, mul } from '@tensorflow/tfjs-core';
import type { AttributionOptions } from './attributionOptions.js';
import { defineMethod } from './defineMethod.js';
import type { Attribution } from './defineMethod.js';

export type GradientTimesInputOptions = AttributionOptions;

/**
 * Multiplies the gradient by the input, element by element, in units of the score.
 *
 * Arguments, result and errors are those of {@link vanillaGradient}. The input is taken in the
 * model's own scale, so that after a preset that subtracts means, a pixel of the mean colour gets
 * 0.
 *
 * Source: Shrikumar et al.: Not Just a Black Box, https://arxiv.org/abs/1605.01713
 *
 * @function
 */
export const gradientTimesInput: Attribution<GradientTimesInputOptions> =
  /* @__PURE__ */ defineMethod({
    name: 'gradientTimesInput',
    options: {},
    *attribute(context, rows) {
      const gradients = yield* context.gradients(rows);
      try {
        return gradients.map((gradient) => mul(gradient, rows));
      } finally {
        dispose(gradients);
      }
    },
  });
