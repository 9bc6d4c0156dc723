import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { checkNonNegative, checkPositiveInteger, outOfRange } from '../checks.js';
import { inFunction } from '../inFunction.js';
import { checkKnown, option, optionTable, readOptions } from '../options.js';
import type { OptionsOf } from '../options.js';
import { toRgb } from '../preprocessing/image.js';
import type { ImageInput } from '../preprocessing/image.js';
import { toLab } from './lab.js';
import { slic } from './slic.js';

export const segmentOptions = /* @__PURE__ */ optionTable(() => ({
  /** About how many superpixels. Default 50. */
  count: option<number>(checkPositiveInteger, 50),
  /** How much place counts against colour, in units of Lab. Default 10. */
  compactness: option<number>(checkNonNegative, 10),
}));

/**
 * Options of {@link segment}.
 *
 * @interface
 */
export type SegmentOptions = OptionsOf<typeof segmentOptions>;

/**
 * Segments an image into superpixels: connected regions of similar colour.
 *
 * @param image an RGB image in 0..255 as people have it: a tensor [h, w, 3], pixels, or what a
 * browser draws
 * @returns [h, w] int32, labels from 0 on, each one connected region; the caller owns it
 * @throws TypeError or RangeError for a wrong argument
 *
 * Source: Achanta et al.: SLIC Superpixels, https://doi.org/10.1109/TPAMI.2012.120
 */
export function segment(image: ImageInput, options: SegmentOptions = {}): Tensor2D {
  return inFunction('segment', () => {
    checkKnown(options, segmentOptions);
    const values = readOptions(segmentOptions, options);
    return tidy(() => {
      const pixels = toRgb(image);
      const [n, height, width] = pixels.shape;
      if (n !== 1) throw outOfRange('image', 'a single one', image);
      const { labels } = slic(toLab(pixels.dataSync(), 3), { height, width }, values);
      return tensor2d(labels, [height, width], 'int32');
    });
  });
}
