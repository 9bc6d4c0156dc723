import { defineMetric } from './defineMetric.js';
import { replacementCurve, replacementOptions } from './replacement.js';

/**
 * Measures how fast the score rises while the most relevant pixels are put into a baseline.
 *
 * A higher score tells the better map. It is {@link deletion} with input and baseline exchanged,
 * with the same options and cost.
 *
 * Source: Petsiuk, Das, Saenko: RISE, https://arxiv.org/abs/1806.07421
 *
 * @function
 */
export const insertion = /* @__PURE__ */ defineMetric({
  name: 'insertion',
  better: 'higher',
  options: replacementOptions,
  defaults: { score: 'output' },
  inputs: ({ steps }) => steps + 1,
  measure: (context, subject, options) => replacementCurve(context, subject, options, true),
});
