import {
  concat,
  divNoNan,
  image,
  max,
  min,
  mul,
  reshape,
  slice,
  softmax,
  sub,
} from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { defineChannelCam } from './cam/defineChannelCam.js';
import type { ChannelOptions, TriedLayer } from './cam/defineChannelCam.js';
import { tryChannels } from './cam/tryChannels.js';

export type ScoreCamOptions = ChannelOptions;

/**
 * Shows where the model looked: a layer's channels, weighted by the score of what each lets
 * through.
 *
 * map = sum_c w_c A_c with w the softmax over the channels of the score of x H_c, where H_c is A_c
 * upsampled and scaled to [0, 1] and x the input as the model takes it. `score` is `'output'` by
 * default. It needs no gradient; costs as many forward passes as there are channels, or
 * `maxChannels`. Arguments, result and errors are otherwise those of {@link gradCam}.
 *
 * Source: Wang et al.: Score-CAM, https://arxiv.org/abs/1910.01279
 *
 * @function
 */
export const scoreCam = /* @__PURE__ */ defineChannelCam(
  'scoreCam',
  (context, layer) =>
    tryChannels(context, layer, {
      rows: (first, size) => maskedInputs(layer, first, size),
      weights: (scores) => softmax(scores),
    }),
  { score: 'output' },
);

/** Multiplies the rows by each of some channels: [size r, H, W, ...], channel by channel. */
function maskedInputs({ tried, rows }: TriedLayer, first: number, size: number): Tensor {
  const [count = 1, , height = 1, width = 1] = tried.shape;
  return concat(
    Array.from({ length: size }, (_, i) => {
      const channel = slice(tried, [0, first + i, 0, 0], [count, 1, height, width]);
      return mul(rows, maskOf(reshape(channel, [count, height, width, 1]), rows));
    }),
  );
}

/** Scales a channel to 0..1 and upsamples it: [r, h, w, 1] -> [r, H, W, 1]; a flat one is 0. */
function maskOf(channel: Tensor4D, rows: Tensor): Tensor {
  const [, height = 1, width = 1] = rows.shape;
  const least = min(channel, [1, 2], true);
  const unit = divNoNan(sub(channel, least), sub(max(channel, [1, 2], true), least));
  return image.resizeBilinear(unit as Tensor4D, [height, width], false, true);
}
