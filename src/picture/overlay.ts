import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { checkChoice, checkOptions, outOfRange, wrongType } from '../checks.js';
import { inFunction } from '../inFunction.js';
import type { PictureLike, PlainTensor } from '../plainTensor.js';
import type { ImageInput } from '../preprocessing/image.js';
import { checkRange } from './colorize.js';
import { colormaps, lookUp } from './colormaps/index.js';
import type { Colormap } from './colormaps/index.js';
import { contourLines } from './contour.js';
import { readPhoto } from './image.js';
import { readMaps } from './maps.js';
import { resizeBilinear } from './resize.js';

/**
 * `'blend'` mixes image and coloured map, `'mask'` leaves the image as bright as the map is high
 * (in magnitude), and `'contour'` draws lines around what is higher.
 */
export type OverlayMode = 'blend' | 'mask' | 'contour';

const modes: readonly OverlayMode[] = ['blend', 'mask', 'contour'];

export interface OverlayOptions {
  /** `'blend'` unless given. */
  readonly mode?: OverlayMode;
  /**
   * Weight of the map, 0 (only the image) to 1 (only the map); 0.5 unless given, 1 for masks and
   * contours.
   */
  readonly alpha?: number;
  /**
   * The map's colours, and whether its range is 0..1 or, diverging, -1..1; `'inferno'` unless
   * given.
   */
  readonly colormap?: Colormap;
  /** Where contours are drawn, magnitudes in (0, 1]; `[0.25, 0.5, 0.75]` unless given. */
  readonly levels?: readonly number[];
}

/**
 * Shows a map on the image it explains. The map is resized to the image bilinearly (pixel centres
 * at half integers). With i the image, m the map and c its colour, all at one pixel: `'blend'` is
 * `(1 - alpha) i + alpha c`, `'mask'` is `(1 - alpha (1 - |m|)) i`, and `'contour'` is `'blend'` on
 * the lines and i elsewhere. A line takes the pixels with |m| at or above its level that have a
 * neighbour (left, right, above or below) under it, and the colour of that level.
 *
 * @param image - one RGB image of values in 0..255, as a tensor `[h, w, 3]` or what else people
 * have it as
 * @param map - `[mapHeight, mapWidth]` in 0..1, in -1..1 for a diverging colour map: what {@link
 * normalize} returns
 * @returns picture: int32 RGB in 0..255, `[h, w, 3]`
 * @throws TypeError or RangeError if an argument is wrong.
 */
export function overlay<T extends Tensor | PlainTensor>(
  image: ImageInput | PlainTensor,
  map: T,
  options: OverlayOptions = {},
): PictureLike<T, Tensor3D> {
  return inFunction('overlay', () => {
    checkOptions(options, ['mode', 'alpha', 'colormap', 'levels']);
    const {
      mode = 'blend',
      alpha = mode === 'blend' ? 0.5 : 1,
      colormap = 'inferno',
      levels = [0.25, 0.5, 0.75],
    } = options;
    checkChoice('mode', mode, modes);
    checkFraction(alpha);
    checkChoice('colormap', colormap, colormaps);
    checkLevels(levels);
    const maps = readMaps(map);
    checkRange(maps.values, colormap);
    if (maps.count !== 1) throw outOfRange('map', 'one map, not a batch', map);

    const { bytes, height, width } = readPhoto(image);
    const values = resizeBilinear(maps.values, [maps.height, maps.width], [height, width]);
    const { colours, weights } = layer(values, width, { mode, alpha, colormap, levels });
    const mixed = new Uint8ClampedArray(bytes.length);
    for (let i = 0; i < bytes.length; i++) {
      const weight = weights[Math.floor(i / 3)]!;
      mixed[i] = Math.round((1 - weight) * bytes[i]! + weight * colours[i]!);
    }
    return maps.wrap(mixed, [height, width, 3]) as PictureLike<T, Tensor3D>;
  });
}

/** What is laid over the image: RGB colours, and a weight per pixel. */
function layer(
  values: Float32Array,
  width: number,
  { mode, alpha, colormap, levels }: Required<OverlayOptions>,
) {
  if (mode === 'blend')
    return { colours: lookUp(values, colormap), weights: values.map(() => alpha) };
  if (mode === 'mask') {
    const black = new Uint8ClampedArray(3 * values.length);
    return { colours: black, weights: values.map((value) => alpha * (1 - Math.abs(value))) };
  }
  const lines = contourLines(values, width, levels);
  return {
    colours: lookUp(lines, colormap),
    weights: lines.map((level) => (level === 0 ? 0 : alpha)),
  };
}

function checkFraction(alpha: number): void {
  if (typeof alpha !== 'number') throw wrongType('alpha', 'a number in [0, 1]', alpha);
  if (!(alpha >= 0 && alpha <= 1)) throw outOfRange('alpha', 'a number in [0, 1]', alpha);
}

function checkLevels(levels: readonly number[]): void {
  const expected = 'an array of numbers in (0, 1]';
  if (!Array.isArray(levels) || !levels.every((level) => typeof level === 'number')) {
    throw wrongType('levels', expected, levels);
  }
  if (!levels.every((level) => level > 0 && level <= 1))
    throw outOfRange('levels', expected, levels);
}
