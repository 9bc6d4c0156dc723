import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkChoice, outOfRange } from '../checks.js';
import { inFunction } from '../inFunction.js';
import { colormaps, coloursOf, isDiverging } from './colormaps/index.js';
import type { Colormap } from './colormaps/index.js';
import { readMap } from './values.js';
import type { Values } from './values.js';

/** What a map of 0..1 may leave that range by, once it was resized or averaged in float32. */
const rounding = 1e-5;

/**
 * A normalised map in colours. As in matplotlib, [0, 1] is cut into as many equal parts as the
 * colour map has colours (256; 'redblue' has 255 for [-1, 1], the middle one white for zero), and
 * no colours are made up between them.
 *
 * @param map - `[h, w]` or `[n, h, w]` in 0..1, for 'redblue' in -1..1: what {@link normalize}
 * returns
 * @param colormap - `'gray'` unless given
 * @returns picture(s): int32 RGB in 0..255, `[h, w, 3]` or `[n, h, w, 3]`, which `tf.browser.draw`
 * and `tf.browser.toPixels` take too
 * @throws TypeError or RangeError if an argument is wrong, or the map holds values outside its
 * range.
 */
export function colorize(map: Tensor, colormap: Colormap = 'gray'): Tensor {
  return inFunction('colorize', () => {
    checkChoice('colormap', colormap, colormaps);
    const values = readNormalizedMap(map, colormap);
    return tensor(lookUp(values, colormap), [...map.shape, 3], 'int32');
  });
}

/** Values of a map within the range that `colormap` shows. */
export function readNormalizedMap(map: Tensor, colormap: Colormap): Values {
  const lowest = isDiverging(colormap) ? -1 : 0;
  const values = readMap(map);
  for (const value of values) {
    if (value < lowest - rounding || value > 1 + rounding) {
      throw outOfRange('map', `in ${lowest}..1 for colormap '${colormap}' (see normalize)`, value);
    }
  }
  return values;
}

/** R, G, B of each value, one after another. */
export function lookUp(values: Values, colormap: Colormap): Int32Array {
  const colours = coloursOf(colormap);
  const count = colours.length / 3;
  const rgb = new Int32Array(3 * values.length);
  for (let i = 0; i < values.length; i++) {
    const position = isDiverging(colormap) ? (values[i]! + 1) / 2 : values[i]!;
    const entry = Math.min(count - 1, Math.max(0, Math.floor(position * count)));
    rgb.set(colours.subarray(3 * entry, 3 * entry + 3), 3 * i);
  }
  return rgb;
}
