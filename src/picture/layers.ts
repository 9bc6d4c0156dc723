/** What each mode of an overlay lays over the image: colours, and a weight per pixel. */
import { isDiverging, lookUp } from './colormaps/index.js';
import type { Colormap } from './colormaps/index.js';
import { contourLines } from './contour.js';

/**
 * `'heat'` colours the image where the map is high (in magnitude) and leaves it alone where the map
 * is zero, `'blend'` mixes image and coloured map, `'mask'` leaves the image as bright as the map
 * is high, and `'contour'` draws lines around what is higher.
 */
export type OverlayMode = 'heat' | 'blend' | 'mask' | 'contour';

interface Style {
  readonly alpha: number;
  readonly colormap: Colormap;
  readonly levels: readonly number[];
}

interface Layer {
  /** R, G, B of each pixel. */
  readonly colours: Uint8ClampedArray;
  /** Of each pixel, 0 (only the image) to 1 (only the colour). */
  readonly weights: Float32Array;
}

/** A layer of a map of the image's size, by mode. */
export const layers: Record<
  OverlayMode,
  (values: Float32Array, width: number, style: Style) => Layer
> = {
  heat: (values, _, { alpha, colormap }) => ({
    colours: strongColours(values, colormap),
    weights: values.map((value) => alpha * Math.abs(value)),
  }),
  blend: (values, _, { alpha, colormap }) => ({
    colours: lookUp(values, colormap),
    weights: values.map(() => alpha),
  }),
  mask: (values, _, { alpha }) => ({
    colours: new Uint8ClampedArray(3 * values.length),
    weights: values.map((value) => alpha * (1 - Math.abs(value))),
  }),
  contour: (values, width, { alpha, colormap, levels }) => {
    const lineWidth = Math.max(1.5, Math.min(width, values.length / width) / 150);
    const lines = contourLines(values, width, levels, lineWidth);
    return {
      colours: strongColours(lines.levels, colormap),
      weights: lines.coverage.map((covered) => alpha * covered),
    };
  },
};

/** Finds the colours; of two signs those of the ends, as pale ones look like fog on a photo. */
function strongColours(values: Float32Array, colormap: Colormap): Uint8ClampedArray {
  return lookUp(isDiverging(colormap) ? values.map(Math.sign) : values, colormap);
}
