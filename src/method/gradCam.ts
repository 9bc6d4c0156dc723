import { defineCam } from './cam/defineCam.js';
import type { CamOptions } from './cam/defineCam.js';
import { gradCamRule } from './cam/gradCamRule.js';

export type GradCamOptions = CamOptions;

/**
 * Shows where the model looked: a layer's channels, weighted by their mean gradients.
 *
 * map = sum_c w_c A_c with w_c the mean of the score's gradient over the places of channel c.
 * Returns [h, w, 1] of the input's size (with a batch dimension exactly when the input had one),
 * signed, in no particular unit. Costs one forward pass and the head's way back.
 *
 * Arguments and errors are those of {@link vanillaGradient}. The map says which places of that
 * layer the head reads, not which pixels they depend on.
 *
 * Source: Selvaraju et al.: Grad-CAM, https://arxiv.org/abs/1610.02391
 *
 * @function
 */
export const gradCam = /* @__PURE__ */ defineCam('gradCam', gradCamRule);
