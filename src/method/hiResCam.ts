import { mul, sum } from '@tensorflow/tfjs-core';
import { defineCam } from './cam/defineCam.js';
import type { CamOptions } from './cam/defineCam.js';

export type HiResCamOptions = CamOptions;

/**
 * Shows where the model looked: gradient times activation at a layer, summed over its channels.
 *
 * map = sum_c G_c A_c with G_c the score's gradient with respect to channel c. Where nothing but
 * pooling or flattening and one dense layer follow, the places add up to the logit less its bias
 * (`upsample: false`). Arguments, result, cost and errors are those of {@link gradCam}.
 *
 * Source: Draelos, Carin: Use HiResCAM instead of Grad-CAM, https://arxiv.org/abs/2011.08891
 *
 * @function
 */
export const hiResCam = /* @__PURE__ */ defineCam('hiResCam', (activation, gradient) =>
  sum(mul(gradient, activation), -1, true),
);
