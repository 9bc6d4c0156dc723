/** The options of methods that follow a path from a baseline to the input. */
import { checkChoice, checkPositiveInteger } from '../checks.js';
import { option, optionTable } from '../options.js';
import { baselineOptions } from './baseline.js';
import { QUADRATURES } from './quadrature.js';
import type { Quadrature } from './quadrature.js';

function checkQuadrature(argument: string, rule: unknown): asserts rule is Quadrature {
  checkChoice(argument, rule, QUADRATURES);
}

export const pathOptions = /* @__PURE__ */ optionTable(() => ({
  ...baselineOptions,
  /** How many gradients are taken along the path. Default 50. */
  steps: option<number>(checkPositiveInteger, 50),
  /** Where they are taken. Default `'gaussLegendre'`, which needs the fewest steps. */
  rule: option<Quadrature>(checkQuadrature, 'gaussLegendre'),
}));
