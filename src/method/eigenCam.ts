import { dispose, tidy } from '@tensorflow/tfjs-core';
import { share } from '../gradient/engine.js';
import { activationsAt } from '../layer/atLayers.js';
import { camOptions, checkImage, checkSeveral, combined } from './cam/defineCam.js';
import type { CamOptions } from './cam/defineCam.js';
import { firstComponent } from './cam/firstComponent.js';
import { defineMethod } from './defineMethod.js';

export type EigenCamOptions = CamOptions;

/**
 * Shows what stands out in a layer: its activation along its first principal direction.
 *
 * map = A v with v the first right singular vector of A [h w, c], which is not centred; its sign is
 * the one with which the map agrees with the sum of the channels. It needs no gradient and is the
 * same for every class. Result and errors are those of {@link gradCam}; costs one forward pass.
 *
 * Source: Muhammad, Yeasin: Eigen-CAM, https://arxiv.org/abs/2008.00299
 *
 * @function
 */
export const eigenCam = /* @__PURE__ */ defineMethod({
  name: 'eigenCam',
  group: 'where',
  options: camOptions,
  *attribute(context, rows, options) {
    checkImage(rows);
    checkSeveral(options);
    const layers = yield* activationsAt(context, rows, options.layer);
    const activations = layers.map(({ activation }) => activation);
    try {
      return tidy(() => {
        const map = combined(activations.map(firstComponent), rows, options);
        return Array.from({ length: context.classes }, () => share(map));
      });
    } finally {
      dispose(activations);
    }
  },
});
