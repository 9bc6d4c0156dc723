import { mean, mul, sum } from '@tensorflow/tfjs-core';
import type { CamRule } from './defineCam.js';

/** Sums the channels, each weighted by the mean of its gradient. */
export const gradCamRule: CamRule = (activation, gradient) =>
  sum(mul(activation, mean(gradient, [1, 2], true)), -1, true);
