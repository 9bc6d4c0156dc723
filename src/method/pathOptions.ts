/** The options of methods that follow a path from a baseline to the input. */
import { checkBoolean, checkChoice, checkPositiveInteger } from '../checks.js';
import { option, optionTable } from '../options.js';
import { baselineOptions } from './baseline.js';
import { QUADRATURES } from './quadrature.js';
import type { Quadrature } from './quadrature.js';

function checkQuadrature(argument: string, rule: unknown): asserts rule is Quadrature {
  checkChoice(argument, rule, QUADRATURES);
}

/** Whether a path method shares each step's change of the score out by squared gradients. */
export const idgiOptions = /* @__PURE__ */ optionTable(() => ({
  /**
   * Whether each step's change of the score is shared out by the squares of the gradient there
   * (IDGI, https://arxiv.org/abs/2303.14242), which costs a forward pass more a step. Default
   * false.
   */
  idgi: option<boolean>(checkBoolean, false),
}));

export const pathOptions = /* @__PURE__ */ optionTable(() => ({
  ...baselineOptions,
  ...idgiOptions,
  /** How many gradients are taken along the path. Default 50. */
  steps: option<number>(checkPositiveInteger, 50),
  /**
   * Where they are taken. Default `'gaussLegendre'`, which needs the fewest steps; with `idgi` they
   * are taken where equal steps begin.
   */
  rule: option<Quadrature>(checkQuadrature, 'gaussLegendre'),
}));
