import { add, mul, relu, sub, zerosLike } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { backward } from '../gradient/backward.js';
import { rules } from '../gradient/rules/index.js';
import {
  asPatches,
  carriedBack,
  findAttention,
  keepingAttention,
  meanOverHeads,
  readByHead,
} from '../relevance/attention.js';
import type { TapedPass } from '../score/scoreEvaluator.js';
import { attentionOptions } from './attentionOptions.js';
import type { AttentionOptions } from './attentionOptions.js';
import { checkImage, combined } from './cam/defineCam.js';
import { defineMethod } from './defineMethod.js';
import type { Attribution } from './defineMethod.js';

/**
 * Shows which patches speak for a class, through the attention of all layers of a vision
 * transformer.
 *
 * With A a layer's attention and G the gradient of the score with respect to it, the mean over
 * heads of relu(G A) says how much the layer moves from token to token; the layers' R = R + A R,
 * without the identity that it begins with, is read in the row of the class token, or in the mean
 * of the rows of models that pool. Result [..., h, w, 1] of the input's size; costs one forward
 * pass and a way back.
 *
 * Source: Chefer, Gur, Wolf: Generic Attention-model Explainability,
 * https://arxiv.org/abs/2103.15679
 *
 * @function
 * @throws RangeError if the model has no attention over patches
 */
export const attentionRelevance: Attribution<AttentionOptions> = /* @__PURE__ */ defineMethod({
  name: 'attentionRelevance',
  group: 'relevance',
  options: attentionOptions,
  attribute(context, rows, { upsample }) {
    checkImage(rows);
    return context.fromTapes(rows, { rules, keepValue: keepingAttention }, (pass) =>
      combined([relevanceOf(pass)], pass.rows, { layer: undefined, relu: false, upsample }),
    );
  },
});

/** Computes the relevance of each patch, [r, h, w, 1]. */
function relevanceOf({ tape, rows, start, cache }: TapedPass): Tensor {
  const { tokens, probabilities } = findAttention(tape);
  const ids = probabilities.map(({ id }) => id);
  const gradients = backward(tape, start, ids, cache, false);
  const layers = ids.map((id) => {
    const attention = tape.valueOf(id)!;
    const positive = relu(mul(attention, gradients.get(id) ?? zerosLike(attention)));
    return meanOverHeads(positive, rows.shape[0]!);
  });
  const read = readByHead(tokens, rows.shape[0]!);
  return asPatches(sub(carriedBack(layers, read, add), read), tokens);
}
