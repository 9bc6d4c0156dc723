import {
  abs,
  dispose,
  div,
  equal,
  gather,
  keep,
  mul,
  oneHot,
  onesLike,
  reshape,
  sub,
  tensor1d,
  tidy,
  tile,
  where,
} from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { outOfRange } from '../checks.js';
import type { KernelHook } from '../gradient/kernelHook.js';
import type { LayerChoice } from '../layer/layers.js';
import type { Task } from '../run/task.js';
import {
  channelMaps,
  channelOptions,
  inputsPerImage,
  scoresByChannel,
} from './cam/channelScores.js';
import type { ChannelOptions, TriedLayer } from './cam/channelScores.js';
import type { Context } from './context.js';
import { defineMethod } from './defineMethod.js';

export type AblationCamOptions = ChannelOptions;

/**
 * Shows where the model looked: a layer's channels, weighted by how the score falls without each.
 *
 * map = sum_c w_c A_c with w_c = (S - S_c) / |S|, S the score and S_c the score with channel c
 * replaced by 0; undivided if S is 0. It needs no gradient; costs as many forward passes as there
 * are channels, or `maxChannels`. Arguments, result and errors are otherwise those of {@link
 * gradCam}.
 *
 * Source: Desai, Ramaswamy: Ablation-CAM, https://doi.org/10.1109/WACV45572.2020.9093360
 *
 * @function
 */
export const ablationCam = /* @__PURE__ */ defineMethod({
  name: 'ablationCam',
  options: channelOptions,
  inputsPerImage,
  attribute: (context, rows, options) =>
    channelMaps(context, rows, options, (_, layer) =>
      ablationWeights(context, layer, options.layer),
    ),
});

function* ablationWeights(
  context: Context,
  layer: TriedLayer,
  choice: LayerChoice | undefined,
): Task<Tensor[]> {
  const { rows, predicted, kernel } = layer;
  if (kernel === undefined) {
    throw outOfRange('layer', 'one that a kernel of its own computes', choice);
  }
  const scores = yield* context.values(rows, { predicted });
  try {
    const without = yield* scoresByChannel(context, layer, function* (first, size) {
      const repeated = keep(tile(rows, [size, ...rows.shape.slice(1).map(() => 1)]));
      const hook = (_: number, row: number): KernelHook => ({
        output: ({ index }, output) =>
          index === kernel ? mul(output, ablation(layer, first, row, output)) : undefined,
      });
      try {
        return yield* context.values(repeated, { hook, layer: choice, predicted });
      } finally {
        repeated.dispose();
      }
    });
    try {
      return tidy(() => without.map((score, i) => keep(fall(scores[i]!, score))));
    } finally {
      dispose(without);
    }
  } finally {
    dispose(scores);
  }
}

/** [r] and [r, d] -> [r, d] */
function fall(score: Tensor, without: Tensor): Tensor {
  const whole = reshape(score, [-1, 1]);
  return div(sub(whole, without), where(equal(whole, 0), onesLike(whole), abs(whole)));
}

/**
 * 0 at the ablated channel of each row of a pass, else 1: [count, 1, ..., c].
 * @param first the channel tried with the first rows of all, the next one r rows later
 * @param row the number of the pass's first row
 */
function ablation({ channels }: TriedLayer, first: number, row: number, output: Tensor): Tensor {
  const [rows, tried] = channels.shape;
  const [count = 1] = output.shape;
  const positions = Array.from({ length: count }, (_, i) => {
    const channel = first + Math.floor((row + i) / rows);
    // A fixed batch repeats its last row.
    return ((row + i) % rows) * tried + Math.min(channel, tried - 1);
  });
  const ablated = gather(reshape(channels, [-1]), tensor1d(positions, 'int32')) as Tensor1D;
  const size = output.shape.at(-1)!;
  const ones = output.shape.slice(1, -1).map(() => 1);
  return sub(1, reshape(oneHot(ablated, size), [count, ...ones, size]));
}
