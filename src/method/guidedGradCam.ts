import { dispose, keep, mul, tidy } from '@tensorflow/tfjs-core';
import { guidedRules } from '../gradient/rules/rectified.js';
import { optionTable } from '../options.js';
import type { OptionsOf } from '../options.js';
import type { AttributionOptions } from './attributionOptions.js';
import { camMaps, camOptions } from './cam/defineCam.js';
import { gradCamRule } from './cam/gradCamRule.js';
import { defineMethod } from './defineMethod.js';

const guidedGradCamOptions = /* @__PURE__ */ optionTable(() => ({ layer: camOptions.layer }));

export type GuidedGradCamOptions = OptionsOf<typeof guidedGradCamOptions> & AttributionOptions;

/**
 * Multiplies guided backpropagation by the positive part of Grad-CAM, upsampled.
 *
 * It has guided backpropagation's detail where {@link gradCam} is positive. Arguments, result and
 * errors are those of {@link vanillaGradient}, with `layer` as in {@link gradCam}; costs two
 * forward passes and a way back.
 *
 * Beware: as guided backpropagation it stays much the same when the weights of the upper layers are
 * randomised (Adebayo et al.: Sanity Checks for Saliency Maps, https://arxiv.org/abs/1810.03292;
 * Sixt et al.: When Explanations Lie, https://arxiv.org/abs/1912.09818).
 *
 * Source: Selvaraju et al.: Grad-CAM, https://arxiv.org/abs/1610.02391
 *
 * @function
 */
export const guidedGradCam = /* @__PURE__ */ defineMethod({
  name: 'guidedGradCam',
  group: 'where',
  options: guidedGradCamOptions,
  inputsPerImage: () => 2,
  *attribute(context, rows, { layer }) {
    const maps = yield* camMaps(context, rows, { layer, relu: true, upsample: true }, gradCamRule);
    try {
      yield;
      const guided = yield* context.gradients(rows, guidedRules);
      try {
        return tidy(() => guided.map((gradient, i) => keep(mul(gradient, maps[i]!))));
      } finally {
        dispose(guided);
      }
    } finally {
      dispose(maps);
    }
  },
});
