/** The options of methods that follow a path from a baseline to the input. */
import { checkChoice, checkPositiveInteger } from '../checks.js';
import { option, optional, optionTable } from '../options.js';
import { checkSeed } from '../seed.js';
import { checkBaseline } from './baseline.js';
import type { Baseline } from './baseline.js';
import { QUADRATURES } from './quadrature.js';
import type { Quadrature } from './quadrature.js';

function checkQuadrature(argument: string, rule: unknown): asserts rule is Quadrature {
  checkChoice(argument, rule, QUADRATURES);
}

export const pathOptions = /* @__PURE__ */ optionTable(() => ({
  /** Where the path begins. Default: `'black'` with a preset, else 0. */
  baseline: option<Baseline | undefined>(optional(checkBaseline), undefined),
  /** How many gradients are taken along the path. Default 50. */
  steps: option<number>(checkPositiveInteger, 50),
  /** Where they are taken. Default `'gaussLegendre'`, which needs the fewest steps. */
  rule: option<Quadrature>(checkQuadrature, 'gaussLegendre'),
  /** Of the baseline `'noise'`, a whole number from 0 to 2^32 - 1. Default 0. */
  seed: option<number>(checkSeed, 0),
}));
