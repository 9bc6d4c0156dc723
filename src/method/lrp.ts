import { checkChoice, checkNonNegative, outOfRange, wrongType } from '../checks.js';
import { toBeNamed } from '../inFunction.js';
import { option, optional, optionTable } from '../options.js';
import type { OptionsOf } from '../options.js';
import { COMPOSITES, compositeRules } from '../relevance/composite.js';
import type { CompositeName } from '../relevance/composite.js';
import { inputRelevance } from '../relevance/inputRelevance.js';
import type { ValueRange } from '../relevance/linearRules.js';
import { keepingPrepared } from '../relevance/preparation.js';
import type { AttributionOptions } from './attributionOptions.js';
import type { Context } from './context.js';
import { defineMethod } from './defineMethod.js';
import type { Attribution } from './defineMethod.js';

/** The least and the greatest value, of all channels or of each. */
export type InputRange = readonly [number, number] | ValueRange;

function checkComposite(argument: string, value: unknown): asserts value is CompositeName {
  checkChoice(argument, value, COMPOSITES);
}

function checkRange(argument: string, value: unknown): asserts value is InputRange {
  const expected = '[least, greatest], or one such pair per channel';
  if (!Array.isArray(value) || value.length === 0) throw wrongType(argument, expected, value);
  const pairs = (Array.isArray(value[0]) ? value : [value]) as unknown[];
  const isPair = (pair: unknown): boolean =>
    Array.isArray(pair) && pair.length === 2 && pair.every(Number.isFinite) && pair[0] < pair[1];
  if (!pairs.every(isPair)) throw outOfRange(argument, expected, value);
}

const lrpOptions = /* @__PURE__ */ optionTable(() => ({
  /**
   * Which rule each kind of layer gets. Default `'epsilonPlusFlat'`.
   *
   * - `'epsilonPlusFlat'`: z+ for convolutions, epsilon for dense layers, flat for the first layer
   * - `'epsilonGammaBox'`: gamma for convolutions, epsilon for dense layers, z^B for the first
   * - `'epsilonAlpha2Beta1'`: alpha-beta with 2 and 1 for convolutions, epsilon for dense layers
   * - `'excitationBackprop'`: z+ everywhere, without the biases
   * - `'zPlus'`, `'epsilon'`, `'gamma'`: that rule everywhere
   */
  composite: option<CompositeName>(checkComposite, 'epsilonPlusFlat'),
  /** What the epsilon rule adds to each output's magnitude, in its units. Default 1e-6. */
  epsilon: option<number>(checkNonNegative, 1e-6),
  /** How much more contributions of the output's sign count under the gamma rule. Default 0.25. */
  gamma: option<number>(checkNonNegative, 0.25),
  /**
   * The least and the greatest value that the first layer may read, of all channels or of each; the
   * rule z^B of `'epsilonGammaBox'` needs it. Default: that of the preset.
   */
  range: option<InputRange | undefined>(optional(checkRange), undefined),
}));

/**
 * Options of {@link lrp}.
 *
 * @interface
 */
export type LrpOptions = OptionsOf<typeof lrpOptions> & AttributionOptions;

/**
 * Distributes the score over the input, layer by layer: layer-wise relevance propagation.
 *
 * Each layer passes the relevance of its outputs on to its inputs in the shares in which they
 * contributed, so that the map adds up to the score as far as biases take none of it. Of a gate
 * times a signal (swish, squeeze-and-excitation) the signal gets all; of a product of two signals
 * (attention) each gets half, and the deviation that normalizes is taken as a constant, as AttnLRP
 * does. What the model does to its input before its first layer (a scale, a shift, padding) counts
 * as the input. A unit without positive contributions keeps its relevance under z+.
 *
 * Arguments, result and errors are those of {@link vanillaGradient}; the result is in units of the
 * score. Costs a forward pass and a way back, and one more of both where z+, gamma or alpha-beta
 * are used (twice that where inputs are negative). Beware: under z+ and alpha-beta the maps hardly
 * change when the upper layers' weights are randomised (Sixt et al.: When Explanations Lie,
 * https://arxiv.org/abs/1912.09818).
 *
 * Source: Bach et al., https://doi.org/10.1371/journal.pone.0130140; Montavon et al.: LRP, an
 * overview (2019); Achtibat et al.: AttnLRP, https://arxiv.org/abs/2402.05602
 *
 * @function
 * @throws TypeError if `range` is needed and neither it nor a preset is given
 */
export const lrp: Attribution<LrpOptions> = /* @__PURE__ */ defineMethod({
  name: 'lrp',
  group: 'relevance',
  options: lrpOptions,
  attribute(context, rows, { composite, epsilon, gamma, range }) {
    const values = composite === 'epsilonGammaBox' ? rangeOf(range, context) : undefined;
    const rules = compositeRules(composite, { epsilon, gamma, range: values });
    return context.fromTapes(
      rows,
      { rules, keepValue: keepingPrepared },
      ({ tape, rows: x, start, cache }) => inputRelevance(tape, x, start, cache),
    );
  },
});

function rangeOf(range: InputRange | undefined, { preprocess, input }: Context): ValueRange {
  if (range === undefined) {
    if (preprocess !== undefined) return preprocess.range;
    throw toBeNamed(
      new TypeError(
        "range must be given for the composite 'epsilonGammaBox' without a preset: the least and " +
          'the greatest value that the first layer may read',
      ),
    );
  }
  const pairs = (Array.isArray(range[0]) ? range : [range]) as ValueRange;
  const channels = input.shape.at(-1);
  if (pairs.length === 1 || pairs.length === channels) return pairs;
  throw outOfRange('range', `one pair, or one per channel (${channels})`, range);
}
