import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { checkChoice, checkOptions, outOfRange, wrongType } from '../checks.js';
import { inFunction } from '../inFunction.js';
import type { NumberList, PictureLike, PlainTensor } from '../plainTensor.js';
import type { ImageInput } from '../preprocessing/image.js';
import { colormaps, isDiverging } from './colormaps/index.js';
import type { Colormap } from './colormaps/index.js';
import { readPhoto } from './image.js';
import { layers } from './layers.js';
import type { OverlayMode } from './layers.js';
import { checkLimits, defaultPercentile, findLimits, scale } from './limits.js';
import type { Limits } from './limits.js';
import { readMaps } from './maps.js';
import { resizeBilinear } from './resize.js';

const modes: readonly OverlayMode[] = ['heat', 'blend', 'mask', 'contour'];

/** Lets the image be seen through a layer that covers it. */
const defaultAlpha: Record<OverlayMode, number> = { heat: 0.75, blend: 0.5, mask: 1, contour: 1 };

export interface OverlayOptions {
  /** `'heat'` unless given. */
  readonly mode?: OverlayMode;
  /**
   * Weight of the map, 0 (only the image) to 1; 0.75 for heat, 0.5 for a blend, else 1 unless
   * given.
   */
  readonly alpha?: number;
  /**
   * The map's colours, and whether its range is 0..1 or, diverging, -1..1. Unless given `'redblue'`
   * for a map with values below 0 (or `limits` [-max, max]), else `'inferno'`.
   */
  readonly colormap?: Colormap;
  /**
   * Values of the map that are shown as the ends of the range, as {@link limitsOf} finds them;
   * `[0, 1]` (`'redblue'`: `[-1, 1]`) shows a map as it is. Needed to compare several overlays.
   */
  readonly limits?: Limits;
  /** Where contours are drawn, magnitudes in (0, 1]; `[0.25, 0.5, 0.75]` unless given. */
  readonly levels?: readonly number[];
}

/**
 * Shows a map on the image it explains.
 *
 * The map is normalised as {@link normalize} does it, unless `limits` are given, or it fills the
 * range exactly (from 0 to 1; diverging: a greatest magnitude of 1), as what normalize returns.
 * Then it is resized to the image bilinearly, with pixel centres at half integers.
 *
 * With i the image, m the map and c its colour, all at one pixel: `'heat'` is
 * `(1 - alpha |m|) i + alpha |m| c`, which leaves the image as it is where the map is zero;
 * `'blend'` is `(1 - alpha) i + alpha c`; `'mask'` is `(1 - alpha (1 - |m|)) i`; and `'contour'`
 * draws smooth lines around what is at or above each level of |m|, in the colour of the level. Heat
 * and contours of 'redblue' have its pure red and blue, whose pale tones look like fog on a photo.
 *
 * @param image - one RGB image of values in 0..255, as a tensor `[h, w, 3]`, `{ data, shape }`, or
 * what else people have it as
 * @param map - `[h, w]`, `[h, w, 1]` or a batch of one such, of any size; a tensor or
 * `{ data, shape }`
 * @returns picture of RGB in 0..255, `[h, w, 3]`: an int32 tensor if the map is a tensor,
 * `{ data, shape }` if it is such
 * @throws TypeError or RangeError if an argument is wrong.
 */
export function overlay<T extends Tensor | PlainTensor>(
  image: ImageInput | PlainTensor,
  map: T,
  options: OverlayOptions = {},
): PictureLike<T, Tensor3D> {
  return inFunction('overlay', () => {
    checkOptions(options, ['mode', 'alpha', 'colormap', 'limits', 'levels']);
    const { mode = 'heat', levels = [0.25, 0.5, 0.75] } = options;
    checkChoice('mode', mode, modes);
    const { alpha = defaultAlpha[mode] } = options;
    checkFraction(alpha);
    checkLevels(levels);
    const maps = readMaps(map);
    if (maps.count !== 1) throw outOfRange('map', 'one map, not a batch', map);
    const { colormap = defaultColormap(maps.values, options.limits) } = options;
    checkChoice('colormap', colormap, colormaps);
    const normalized = normalizedFor(colormap, maps.values, options.limits);

    const { bytes, height, width } = readPhoto(image);
    const values = resizeBilinear(normalized, [maps.height, maps.width], [height, width]);
    const { colours, weights } = layers[mode](values, width, { alpha, colormap, levels });
    const mixed = new Uint8ClampedArray(bytes.length);
    for (let pixel = 0; pixel < weights.length; pixel++) {
      const weight = weights[pixel]!;
      for (let i = 3 * pixel; i < 3 * pixel + 3; i++)
        mixed[i] = Math.floor((1 - weight) * bytes[i]! + weight * colours[i]! + 0.5);
    }
    return maps.wrap(mixed, [height, width, 3]) as PictureLike<T, Tensor3D>;
  });
}

/** Shows both signs where there are two. */
function defaultColormap(values: NumberList, limits: Limits | undefined): Colormap {
  const isSigned =
    limits === undefined
      ? Array.prototype.some.call(values, (value: number) => value < 0)
      : limits[0] === -limits[1];
  return isSigned ? 'redblue' : 'inferno';
}

function normalizedFor(
  colormap: Colormap,
  values: NumberList,
  limits: Limits | undefined,
): Float32Array {
  const mode = isDiverging(colormap) ? 'diverging' : 'positive';
  const result = new Float32Array(values);
  if (limits !== undefined) {
    checkLimits('limits', limits, mode, `colormap '${colormap}'`);
    scale(result, limits, mode);
    return result;
  }
  const [min, max] = findLimits(result, 100, mode);
  // Else the percentile would cut a map that is normalised already once more.
  if (max !== 1 || (mode === 'positive' && min !== 0))
    scale(result, findLimits(result, defaultPercentile, mode), mode);
  return result;
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
