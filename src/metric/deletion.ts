import type { OptionsOf } from '../options.js';
import type { AttributionOptions } from '../method/attributionOptions.js';
import { defineMetric } from './defineMetric.js';
import { replacementCurve, replacementOptions } from './replacement.js';

/**
 * Options of {@link deletion} and {@link insertion}.
 *
 * @interface
 */
export type CurveOptions = OptionsOf<typeof replacementOptions> & AttributionOptions;

/**
 * Measures how fast the score falls while the most relevant pixels are replaced by a baseline.
 *
 * A lower score tells the better map. It sees the order of the pixels only, not their values, and
 * the changed images are none that the model has learned from. `score` is `'output'` by default;
 * costs steps + 1 forward passes.
 *
 * Source: Petsiuk, Das, Saenko: RISE, https://arxiv.org/abs/1806.07421
 *
 * @function
 */
export const deletion = /* @__PURE__ */ defineMetric({
  name: 'deletion',
  better: 'lower',
  options: replacementOptions,
  defaults: { score: 'output' },
  inputs: ({ steps }) => steps + 1,
  measure: (context, subject, options) => replacementCurve(context, subject, options, false),
});
