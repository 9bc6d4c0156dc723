import type { Tensor } from '@tensorflow/tfjs-core';
import { checkChoice, outOfRange } from '../checks.js';
import { inFunction } from '../inFunction.js';
import type { NumberList, PictureLike, PlainTensor } from '../plainTensor.js';
import { colormaps, isDiverging, lookUp } from './colormaps/index.js';
import type { Colormap } from './colormaps/index.js';
import { readMaps } from './maps.js';

/** What a map of 0..1 may leave that range by, once it was resized or averaged in float32. */
const rounding = 1e-5;

/**
 * Shows a normalised map in colours. As in matplotlib, [0, 1] is cut into as many equal parts as
 * the colour map has colours (256; 'redblue' has 255 for [-1, 1], the middle one white for zero),
 * and no colours are made up between them.
 *
 * @param map - `[h, w]`, `[h, w, 1]`, `[n, h, w]` or `[n, h, w, 1]` in 0..1, for 'redblue' in
 * -1..1: what {@link normalize} returns; a tensor or `{ data, shape }`
 * @param colormap - `'gray'` unless given
 * @returns picture(s) of RGB in 0..255, `[h, w, 3]` or `[n, h, w, 3]`: an int32 tensor of a tensor,
 * which `tf.browser.draw` and `tf.browser.toPixels` take too, `{ data, shape }` of such
 * @throws TypeError or RangeError if an argument is wrong, or the map holds values outside its
 * range.
 */
export function colorize<T extends Tensor | PlainTensor>(
  map: T,
  colormap: Colormap = 'gray',
): PictureLike<T> {
  return inFunction('colorize', () => {
    checkChoice('colormap', colormap, colormaps);
    const { values, count, height, width, isBatch, wrap } = readMaps(map);
    checkRange(values, colormap);
    const shape = isBatch ? [count, height, width, 3] : [height, width, 3];
    return wrap(lookUp(values, colormap), shape) as PictureLike<T>;
  });
}

function checkRange(values: NumberList, colormap: Colormap): void {
  const lowest = isDiverging(colormap) ? -1 : 0;
  for (const value of values) {
    if (value < lowest - rounding || value > 1 + rounding)
      throw outOfRange('map', `in ${lowest}..1 for colormap '${colormap}' (see normalize)`, value);
  }
}
