import { add, mul } from '@tensorflow/tfjs-core';
import { rules } from '../gradient/rules/index.js';
import {
  asPatches,
  carriedBack,
  findAttention,
  keepingAttention,
  meanOverHeads,
  readByHead,
} from '../relevance/attention.js';
import { attentionOptions } from './attentionOptions.js';
import type { AttentionOptions } from './attentionOptions.js';
import { checkImage, combined } from './cam/defineCam.js';
import { defineMethod } from './defineMethod.js';
import type { Attribution } from './defineMethod.js';

/**
 * Shows which patches a vision transformer's head attends to, through all its layers.
 *
 * Each layer passes half of what it gets on to the tokens by its attention, averaged over heads,
 * and half along the residual connection; the map is what arrives at each patch, from the class
 * token or, of models that pool, from the mean of all. It is the same for every class. Result
 * [..., h, w, 1] of the input's size; costs one forward pass. Beware: it does not tell what speaks
 * for a class, and value vectors and everything between attentions are ignored.
 *
 * Source: Abnar, Zuidema: Quantifying Attention Flow in Transformers,
 * https://arxiv.org/abs/2005.00928
 *
 * @function
 * @throws RangeError if the model has no attention over patches
 */
export const attentionRollout: Attribution<AttentionOptions> = /* @__PURE__ */ defineMethod({
  name: 'attentionRollout',
  group: 'relevance',
  options: attentionOptions,
  attribute(context, rows, { upsample }) {
    checkImage(rows);
    return context.fromTapes(rows, { rules, keepValue: keepingAttention }, ({ tape, rows: x }) => {
      const { tokens, probabilities } = findAttention(tape);
      const count = x.shape[0]!;
      const layers = probabilities.map(({ id }) => meanOverHeads(tape.valueOf(id)!, count));
      // The rows of an attention add up to 1, those of A + I to 2.
      const weights = carriedBack(layers, readByHead(tokens, count), (later, attended) =>
        mul(add(later, attended), 0.5),
      );
      return combined([asPatches(weights, tokens)], x, { layer: undefined, relu: false, upsample });
    });
  },
});
