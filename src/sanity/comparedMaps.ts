/** How two maps are compared, for sanity checks. */
import { keep, reshape, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { aggregateChannels, CHANNEL_METHODS } from '../aggregation/aggregateChannels.js';
import type { ChannelMethod } from '../aggregation/aggregateChannels.js';
import { checkChoice } from '../checks.js';
import { checkSimilarity } from '../metric/similarity.js';
import type { Similarity } from '../metric/similarity.js';
import { option, optionTable } from '../options.js';
import { checkSeed } from '../seed.js';

function checkAggregate(argument: string, aggregate: unknown): asserts aggregate is ChannelMethod {
  checkChoice(argument, aggregate, CHANNEL_METHODS);
}

export const comparisonOptions = /* @__PURE__ */ optionTable(() => ({
  /** How maps are compared. Default `'spearman'`. */
  similarity: option<Similarity>(checkSimilarity, 'spearman'),
  /** How channels become one number first. Default `'maxAbs'`, which takes away the sign. */
  aggregate: option<ChannelMethod>(checkAggregate, 'maxAbs'),
  /** Draws the random weights or classes; the method gets it too. Default 0. */
  seed: option<number>(checkSeed, 0),
}));

/** Makes what is compared of an attribution [1, h, w, c] or [1, ...]: [h, w] or [...], kept. */
export function comparedMap(attribution: Tensor, aggregate: ChannelMethod): Tensor {
  return keep(
    tidy(() => {
      const [, ...shape] = attribution.shape;
      const isImage = shape.length === 3;
      const perPlace = isImage ? attribution : reshape(attribution, [...shape, 1]);
      const places = isImage ? shape.slice(0, 2) : shape;
      return reshape(aggregateChannels(perPlace, aggregate), places);
    }),
  );
}
