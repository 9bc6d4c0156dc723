/** Ways to aggregate the channels of a pixel to one number. */

/** The name of a tfjs kernel, or of the Euclidean norm, which has none. */
export type Step = 'Abs' | 'Neg' | 'Relu' | 'Max' | 'Sum' | 'Mean' | 'Norm';

/**
 * How the channels of a pixel become one number:
 * - `'maxAbs'`: the greatest absolute value (Simonyan et al., and the article this library began
 *   with)
 * - `'sumAbs'`: the sum of absolute values (PAIR saliency's grayscale)
 * - `'l2'`: the Euclidean norm
 * - `'sum'`, `'mean'`, `'max'`: of the signed values
 * - `'positive'`: the sum of the positive part; `'negative'`: the sum of the negative part, as a
 *   number >= 0
 */
export type ChannelMethod =
  'maxAbs' | 'sumAbs' | 'l2' | 'sum' | 'mean' | 'max' | 'positive' | 'negative';

/** The steps of each method; the last one leaves one number per pixel. */
export const STEPS: Record<ChannelMethod, readonly Step[]> = {
  maxAbs: ['Abs', 'Max'],
  sumAbs: ['Abs', 'Sum'],
  l2: ['Norm'],
  sum: ['Sum'],
  mean: ['Mean'],
  max: ['Max'],
  positive: ['Relu', 'Sum'],
  negative: ['Neg', 'Relu', 'Sum'],
};

export const CHANNEL_METHODS = /* @__PURE__ */ Object.keys(STEPS) as ChannelMethod[];
