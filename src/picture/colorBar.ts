import { checkChoice, checkOptions, checkPositiveInteger } from '../checks.js';
import { inFunction } from '../inFunction.js';
import type { PlainPicture } from '../plainTensor.js';
import { colormaps, isDiverging, lookUp } from './colormaps/index.js';
import type { Colormap } from './colormaps/index.js';

export interface ColorBarOptions {
  /** `'inferno'` unless given. */
  readonly colormap?: Colormap;
  /** In pixels; 256 unless given. */
  readonly width?: number;
  /** In pixels; 16 unless given. */
  readonly height?: number;
}

/**
 * Draws the scale of a colour map, to put beside a picture.
 *
 * From left to right it shows 0 to 1 (`'redblue'`: -1 to 1); if it is higher than wide, from the
 * bottom to the top. Pixel i of n shows the value in its middle, (i + 0.5) / n.
 *
 * @returns picture of RGB in 0..255, `{ data, shape: [height, width, 3] }`: {@link toCanvas},
 * {@link encodePNG} and {@link grid} take it beside tensors
 * @throws TypeError or RangeError if an argument is wrong.
 */
export function colorBar(options: ColorBarOptions = {}): PlainPicture {
  return inFunction('colorBar', () => {
    checkOptions(options, ['colormap', 'width', 'height']);
    const { colormap = 'inferno', width = 256, height = 16 } = options;
    checkChoice('colormap', colormap, colormaps);
    checkPositiveInteger('width', width);
    checkPositiveInteger('height', height);

    const values = Float32Array.from({ length: height * width }, (_, i) => {
      const fraction =
        height > width ? 1 - (Math.floor(i / width) + 0.5) / height : ((i % width) + 0.5) / width;
      return isDiverging(colormap) ? 2 * fraction - 1 : fraction;
    });
    return { data: lookUp(values, colormap), shape: [height, width, 3] };
  });
}
