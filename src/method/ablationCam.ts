import {
  abs,
  dispose,
  div,
  equal,
  gather,
  mul,
  oneHot,
  onesLike,
  reshape,
  sub,
  tensor1d,
  tile,
  where,
} from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { outOfRange } from '../checks.js';
import { share, shareInScope } from '../gradient/engine.js';
import type { KernelHook } from '../gradient/kernelHook.js';
import { probeFor } from '../layer/layers.js';
import type { LayerChoice } from '../layer/layers.js';
import type { Task } from '../run/task.js';
import { defineChannelCam } from './cam/defineChannelCam.js';
import type { ChannelOptions, TriedLayer } from './cam/defineChannelCam.js';
import { KnownOutputs } from './cam/knownOutputs.js';
import { tryChannels } from './cam/tryChannels.js';
import type { Context } from './context.js';

export type AblationCamOptions = ChannelOptions;

/**
 * Shows where the model looked: a layer's channels, weighted by how the score falls without each.
 *
 * map = sum_c w_c A_c with w_c = (S - S_c) / |S|, S the score and S_c the score with channel c
 * replaced by 0; undivided if S is 0. It needs no gradient; costs as many passes of what is behind
 * the layer as there are channels, or `maxChannels`. Arguments, result and errors are otherwise
 * those of {@link gradCam}.
 *
 * Source: Desai, Ramaswamy: Ablation-CAM, https://doi.org/10.1109/WACV45572.2020.9093360
 *
 * @function
 */
export const ablationCam = /* @__PURE__ */ defineChannelCam('ablationCam', ablationWeights);

function* ablationWeights(
  context: Context,
  layer: TriedLayer,
  { layer: choice }: { layer: LayerChoice | undefined },
): Task<Tensor[]> {
  const { rows, predicted, kernel } = layer;
  if (kernel === undefined) {
    throw outOfRange('layer', 'one that a kernel of its own computes', choice);
  }
  // Nodes that a graph returns besides may change the order, and with it the kernels' numbers.
  const probe = probeFor(choice);
  const passes = new KnownOutputs();
  const hook = (first: number, count: number, row: number): KernelHook => {
    const known = passes.of(`${count} rows from ${row % rows.shape[0]!}`);
    const ablated = (output: Tensor): Tensor => mul(output, ablation(layer, first, row, output));
    return {
      known({ index }) {
        const output = known.get(index);
        if (output === undefined) return undefined;
        return index === kernel ? ablated(output) : shareInScope(output);
      },
      output({ index }, output) {
        if (index <= kernel) known.set(index, share(output));
        return index === kernel ? ablated(output) : undefined;
      },
    };
  };
  const scores = yield* context.values(rows, { predicted });
  try {
    return yield* tryChannels(context, layer, {
      rows: (_, size) => tile(rows, [size, ...rows.shape.slice(1).map(() => 1)]),
      pass: (first) => ({ probe, hook: (count, row) => hook(first, count, row) }),
      weights: (without, i) => fall(scores[i]!, without),
    });
  } finally {
    passes.dispose();
    dispose(scores);
  }
}

/** Divides the falls from the scores [r] to [r, d] by |score|, where it is not 0. */
function fall(score: Tensor, without: Tensor): Tensor {
  const whole = reshape(score, [-1, 1]);
  return div(sub(whole, without), where(equal(whole, 0), onesLike(whole), abs(whole)));
}

/**
 * Makes the mask [count, 1, ..., c] of a pass: 0 at each row's ablated channel, else 1.
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
