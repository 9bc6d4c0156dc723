import { add, divNoNan, mul, relu, sum } from '@tensorflow/tfjs-core';
import { defineCam } from './cam/defineCam.js';
import type { CamOptions } from './cam/defineCam.js';

export type GradCamPlusPlusOptions = CamOptions;

/**
 * Shows where the model looked: as Grad-CAM, with small regions weighing as much as large ones.
 *
 * map = sum_c w_c A_c with w_c = sum(a relu(G_c)), G_c the score's gradient with respect to channel
 * c, and a = G_c^2 / (2 G_c^2 + sum(A_c) G_c^3), 0 where G_c is 0: the weights that the paper has
 * for exp(score). Arguments, result, cost and errors are those of {@link gradCam}.
 *
 * Only positive gradients count, so that it depends less on the class than Grad-CAM.
 *
 * Source: Chattopadhay et al.: Grad-CAM++, https://arxiv.org/abs/1710.11063
 *
 * @function
 */
export const gradCamPlusPlus = /* @__PURE__ */ defineCam(
  'gradCamPlusPlus',
  (activation, gradient) => {
    const total = sum(activation, [1, 2], true);
    // a without G^2 in both its parts, of which float32 holds neither for small nor for large G.
    const alphaTimesRelu = divNoNan(relu(gradient), add(2, mul(total, gradient)));
    return sum(mul(activation, sum(alphaTimesRelu, [1, 2], true)), -1, true);
  },
);
