/**
 * Class activation maps: a weighted sum of a layer's channels, which shows where the model looked.
 *
 * Letters: r rows; a layer of h x w places and c channels; the input has H x W pixels.
 */
import {
  abs,
  add,
  dispose,
  div,
  greater,
  image,
  keep,
  max,
  onesLike,
  relu,
  tidy,
  where,
} from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { checkBoolean, outOfRange } from '../../checks.js';
import { toBeNamed } from '../../inFunction.js';
import { atLayers } from '../../layer/atLayers.js';
import { checkLayer } from '../../layer/layers.js';
import type { LayerChoice } from '../../layer/layers.js';
import { option, optional } from '../../options.js';
import type { OptionsOf, ValuesOf } from '../../options.js';
import type { Task } from '../../run/task.js';
import type { AttributionOptions } from '../attributionOptions.js';
import type { Context } from '../context.js';
import { defineMethod } from '../defineMethod.js';
import type { Attribution } from '../defineMethod.js';

export const camOptions = {
  /**
   * Which layer: a LayersModel's layer name, a graph's node name, a negative number (the k-th from
   * the end of `layers()`), or several of these. Default: the features that the head reads, before
   * pooling.
   */
  layer: option<LayerChoice | undefined>(optional(checkLayer), undefined),
  /** Whether negative values become 0, before upsampling. Default false: the map is signed. */
  relu: option<boolean>(checkBoolean, false),
  /**
   * Whether the map gets the input's size, bilinearly; `false` gives the layer's size. Default
   * true.
   */
  upsample: option<boolean>(checkBoolean, true),
};

/**
 * Options of the methods that show where in a layer.
 *
 * @interface
 */
export type CamOptions = OptionsOf<typeof camOptions> & AttributionOptions;

export type CamValues = ValuesOf<typeof camOptions>;

/** Makes a map [r, h, w, 1] of a layer's activation and the gradient there, [r, h, w, c] both. */
export type CamRule = (activation: Tensor, gradient: Tensor) => Tensor;

/** Makes a method whose map is a function of activation and gradient. @__NO_SIDE_EFFECTS__ */
export function defineCam(name: string, rule: CamRule): Attribution<CamOptions> {
  return defineMethod({
    name,
    group: 'where',
    options: camOptions,
    attribute: (context, rows, options) => camMaps(context, rows, options, rule),
  });
}

/** Computes the map of each class, [r, H, W, 1] or of the layer's size. */
export function* camMaps(
  context: Context,
  rows: Tensor,
  options: CamValues,
  rule: CamRule,
): Task<Tensor[]> {
  checkImage(rows);
  checkSeveral(options);
  const layers = yield* atLayers(context, rows, options.layer);
  try {
    return tidy(() =>
      Array.from({ length: context.classes }, (_, i) => {
        const maps = layers.map(({ activation, gradients }) => rule(activation, gradients[i]!));
        return keep(combined(maps, rows, options));
      }),
    );
  } finally {
    for (const { activation, gradients } of layers) dispose([activation, ...gradients]);
  }
}

/** Averages the maps of several layers, each divided by its greatest magnitude. */
export function combined(maps: readonly Tensor[], rows: Tensor, options: CamValues): Tensor {
  const shown = maps.map((map) => finished(map, rows, options));
  if (shown.length === 1) return shown[0]!;
  return div(
    shown.map(scaled).reduce((total, map) => add(total, map)),
    shown.length,
  );
}

function finished(map: Tensor, rows: Tensor, { relu: isPositive, upsample }: CamValues): Tensor {
  const signed = isPositive ? relu(map) : map;
  if (!upsample) return signed;
  const [, height, width] = rows.shape;
  // Half-pixel centres: tfjs's default is shifted by half a cell, 15.5 pixels for 7 -> 224.
  return image.resizeBilinear(signed as Tensor4D, [height!, width!], false, true);
}

function scaled(map: Tensor): Tensor {
  const greatest = max(abs(map), [1, 2, 3], true);
  return div(map, where(greater(greatest, 0), greatest, onesLike(greatest)));
}

export function checkImage(rows: Tensor): void {
  if (rows.rank === 4) return;
  throw toBeNamed(
    new RangeError(
      `input must be an image [h, w, c], got shape [${rows.shape.slice(1).join(', ')}]; ` +
        `vanillaGradient and its kin take any input`,
    ),
  );
}

/** @throws RangeError for layers of several sizes that are not upsampled */
export function checkSeveral({ layer, upsample }: CamValues): void {
  if (!Array.isArray(layer) || layer.length === 1 || upsample) return;
  throw outOfRange('upsample', 'true for several layers', upsample);
}
