import { add, keep, mul, sub, tidy } from '@tensorflow/tfjs-core';
import type { OptionsOf } from '../options.js';
import type { AttributionOptions } from './attributionOptions.js';
import { overBaselines } from './baseline.js';
import { defineMethod } from './defineMethod.js';
import type { Attribution } from './defineMethod.js';
import { importantDirections } from './path/idgi.js';
import { alongStraightPath } from './path/straightPath.js';
import { pathOptions } from './pathOptions.js';
import { quadrature } from './quadrature.js';

/**
 * Options of {@link integratedGradients}.
 *
 * @interface
 */
export type IntegratedGradientsOptions = OptionsOf<typeof pathOptions> & AttributionOptions;

/**
 * Integrates the gradient along the straight line from a baseline to the input, times their
 * difference.
 *
 * The attributions of an input add up to the score of the input less that of the baseline
 * (completeness); {@link convergenceDelta} tells how far they do. Arguments, result and errors are
 * those of {@link vanillaGradient}; the result is in units of the score. `batchSize` counts points
 * of the path.
 *
 * Source: Sundararajan, Taly, Yan: Axiomatic Attribution for Deep Networks,
 * https://arxiv.org/abs/1703.01365
 *
 * @function
 */
export const integratedGradients: Attribution<IntegratedGradientsOptions> =
  /* @__PURE__ */ defineMethod({
    name: 'integratedGradients',
    options: pathOptions,
    inputsPerImage: ({ steps, idgi }) => (idgi ? 2 * steps + 1 : steps),
    attribute: (context, rows, options) => {
      const { rule, steps, idgi } = options;
      return overBaselines(context, rows, options, (start) =>
        idgi
          ? importantDirections(context, steps, (step) =>
              keep(tidy(() => add(start, mul(sub(rows, start), step / steps)))),
            )
          : alongStraightPath(context, rows, start, quadrature(rule, steps)),
      );
    },
    referenceScores: (context, rows, options) =>
      overBaselines(context, rows, options, (start) => context.values(start)),
  });
