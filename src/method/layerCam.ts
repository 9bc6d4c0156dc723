import { mul, relu, sum } from '@tensorflow/tfjs-core';
import { defineCam } from './cam/defineCam.js';
import type { CamOptions } from './cam/defineCam.js';

export type LayerCamOptions = CamOptions;

/**
 * Shows where the model looked: a layer's activation, weighted place by place by positive
 * gradients.
 *
 * map = sum_c relu(G_c) A_c with G_c the score's gradient with respect to channel c. Finer than
 * {@link gradCam} at layers before the last; at the default layer of a model with global pooling it
 * is Grad-CAM of the channels with positive weights. Arguments, result, cost and errors are those
 * of {@link gradCam}.
 *
 * Source: Jiang et al.: LayerCAM, https://doi.org/10.1109/TIP.2021.3089943
 *
 * @function
 */
export const layerCam = /* @__PURE__ */ defineCam('layerCam', (activation, gradient) =>
  sum(mul(relu(gradient), activation), -1, true),
);
