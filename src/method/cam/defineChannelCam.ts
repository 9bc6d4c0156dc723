/**
 * CAMs without gradients: a channel's weight is what the model's score says with that channel
 * alone, or without it.
 *
 * Letters: r rows; a layer of h x w places and c channels, of which d are tried; m explained
 * classes.
 */
import {
  add,
  dispose,
  gather,
  keep,
  moments,
  mul,
  range,
  reshape,
  sum,
  tidy,
  tile,
  topk,
  transpose,
} from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { checkPositiveInteger } from '../../checks.js';
import { share } from '../../gradient/engine.js';
import { activationsAt } from '../../layer/atLayers.js';
import { option, optional } from '../../options.js';
import type { OptionsOf, ValuesOf } from '../../options.js';
import type { Task } from '../../run/task.js';
import type { AttributionOptions } from '../attributionOptions.js';
import type { Context } from '../context.js';
import { defineMethod } from '../defineMethod.js';
import type { Attribution } from '../defineMethod.js';
import { camOptions, checkImage, checkSeveral, combined } from './defineCam.js';

export const channelOptions = {
  ...camOptions,
  /** How many channels are tried, those of the greatest standard deviation. Default: all. */
  maxChannels: option<number | undefined>(optional(checkPositiveInteger), undefined),
};

/**
 * Options of the methods that try each channel of a layer.
 *
 * @interface
 */
export type ChannelOptions = OptionsOf<typeof channelOptions> & AttributionOptions;

/** A layer of which some channels are tried. */
export interface TriedLayer {
  /** The number of the kernel that computes it. */
  readonly kernel: number | undefined;
  readonly rows: Tensor;
  /** [r, d] int32 */
  readonly channels: Tensor2D;
  /** Their activations, [r, d, h, w]. */
  readonly tried: Tensor;
  /** [r, k], where every row asks for its own class. */
  readonly predicted: Tensor2D | undefined;
}

type ChannelValues = ValuesOf<typeof channelOptions>;

/** Computes the weights of the channels for each class: m tensors [r, d]. */
export type ChannelWeights = (
  context: Context,
  layer: TriedLayer,
  options: ChannelValues,
) => Task<Tensor[]>;

/** Makes a method whose map is a layer's channels, weighted by trying each. @__NO_SIDE_EFFECTS__ */
export function defineChannelCam(
  name: string,
  weightsOf: ChannelWeights,
  defaults: Partial<AttributionOptions> = {},
): Attribution<ChannelOptions> {
  return defineMethod({
    name,
    group: 'where',
    options: channelOptions,
    defaults,
    // Of images whose layer is not yet known: about as many channels as layers have.
    inputsPerImage: ({ maxChannels = 1024 }) => 1 + maxChannels,
    attribute: (context, rows, options) => channelMaps(context, rows, options, weightsOf),
  });
}

/** Computes the map of each class, sum_d w_d A_d. */
function* channelMaps(
  context: Context,
  rows: Tensor,
  options: ChannelValues,
  weightsOf: ChannelWeights,
): Task<Tensor[]> {
  checkImage(rows);
  checkSeveral(options);
  const held: Tensor[] = [];
  const hold = <T extends Tensor>(make: () => T): T => {
    const tensor = keep(tidy(make));
    held.push(tensor);
    return tensor;
  };
  try {
    const predictions = context.argmaxPerRow ? yield* context.predictions(rows) : undefined;
    const predicted = predictions && hold(() => predictions);
    const outputs = yield* activationsAt(context, rows, options.layer);
    held.push(...outputs.map(({ activation }) => activation));
    const layers = outputs.map(({ activation, kernel }) => {
      const channels = hold(() => channelsOf(activation, options.maxChannels));
      const tried = hold(() => chosen(activation, channels));
      return { kernel, rows, channels, tried, predicted };
    });
    const counts = layers.map(({ channels }) => channels.size);
    context.rowsExpected = context.rowsDone + counts.reduce((total, count) => total + count, 0);
    const maps: Tensor[][] = [];
    for (const layer of layers) {
      const weights = yield* weightsOf(context, layer, options);
      maps.push(weights.map((weight) => hold(() => weighted(layer, weight))));
      dispose(weights);
    }
    return tidy(() =>
      Array.from({ length: context.classes }, (_, i) => {
        const ofClass = maps.map((perClass) => perClass[i]!);
        return share(combined(ofClass, rows, options));
      }),
    );
  } finally {
    dispose(held);
  }
}

/** Chooses the channels [r, d] to try, of [r, h, w, c]. */
function channelsOf(activation: Tensor, maxChannels = Infinity): Tensor2D {
  const [rows = 1] = activation.shape;
  const count = activation.shape.at(-1)!;
  if (maxChannels >= count)
    return tile(reshape(range(0, count, 1, 'int32'), [1, count]), [rows, 1]);
  const { variance } = moments(activation, [1, 2]);
  return topk(variance, maxChannels).indices as Tensor2D;
}

/** Gathers channels: [r, h, w, c] -> [r, d, h, w]. */
function chosen(activation: Tensor, channels: Tensor2D): Tensor {
  const [rows = 1, height = 1, width = 1, all = 1] = activation.shape;
  const planes = reshape(transpose(activation, [0, 3, 1, 2]), [rows * all, height, width]);
  // By numbers of planes, as wasm's gather is wrong where it has batch dimensions.
  const firstOfRow = reshape(range(0, rows * all, all, 'int32'), [rows, 1]);
  const found = gather(planes, reshape(add(channels, firstOfRow), [-1]) as Tensor1D);
  return reshape(found, [rows, -1, height, width]);
}

/** Sums the channels with weights [r, d]: [r, h, w, 1]. */
function weighted({ tried }: TriedLayer, weights: Tensor): Tensor {
  const [rows = 1, count = 1, height = 1, width = 1] = tried.shape;
  const map = sum(mul(tried, reshape(weights, [rows, count, 1, 1])), 1);
  return reshape(map, [rows, height, width, 1]);
}
