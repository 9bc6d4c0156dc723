import { abs, add, divNoNan, greaterEqual, mul, sub, sum, where } from '@tensorflow/tfjs-core';
import { defineCam } from './cam/defineCam.js';
import type { CamOptions } from './cam/defineCam.js';

export type XGradCamOptions = CamOptions;

/** Of the sum of a channel's magnitudes; float32 does not tell less from nothing. */
const EPSILON = 1e-7;

/**
 * Shows where the model looked: a layer's channels, weighted by their gradients where they are
 * active.
 *
 * map = sum_c w_c A_c with w_c = sum(G_c A_c) / sum(A_c), so that its total is that of
 * {@link hiResCam}; the divisor is kept from 0 without changing its sign. Arguments, result, cost
 * and errors are those of {@link gradCam}.
 *
 * Source: Fu et al.: Axiom-based Grad-CAM, https://arxiv.org/abs/2008.02312
 *
 * @function
 */
export const xGradCam = /* @__PURE__ */ defineCam('xGradCam', (activation, gradient) => {
  const places = [1, 2];
  const total = sum(activation, places, true);
  const epsilon = mul(EPSILON, sum(abs(activation), places, true));
  const divisor = where(greaterEqual(total, 0), add(total, epsilon), sub(total, epsilon));
  const weights = divNoNan(sum(mul(gradient, activation), places, true), divisor);
  return sum(mul(weights, activation), -1, true);
});
