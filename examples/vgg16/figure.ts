import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { colorize, grid, normalize } from 'tfjs-saliency';
import type { ExperimentMaps } from './experiment.js';

/**
 * A map [h, w] in gray, its least value black and its greatest white: what the article's matplotlib
 * makes of it.
 */
export function grayPicture(map: Tensor): Tensor {
  const normalized = normalize(map, { percentile: 100 });
  const picture = colorize(normalized, 'gray');
  normalized.dispose();
  return picture;
}

/**
 * The article's comparison in rows of five: the noiseless gradient, then the running map after each
 * step.
 */
export function comparison({ gradient, steps }: ExperimentMaps): Tensor3D {
  const pictures = [gradient, ...steps.map(({ map }) => map)].map(grayPicture);
  const figure = grid(pictures, { columns: 5, gap: 4 });
  dispose(pictures);
  return figure;
}
