import { dispose, mean, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { colorize, grid, normalize, overlay } from 'tfjs-saliency';
import type { PreprocessingPreset } from 'tfjs-saliency';
import type { Photo } from '../shared/images.js';
import { captioned, photoPicture, resizePicture } from '../shared/tiles.js';
import type { Size } from '../shared/tiles.js';
import type { Explanation } from './explain.js';

const tileLength = 256;
const gap = 8;

/**
 * The pictures of an explanation, by name. All have the proportions of the photo, or of what the
 * model sees of it.
 *
 * @returns pictures [h, w, 3], values 0..255, the caller's to dispose
 */
export async function drawFigures(
  photo: Photo,
  { options }: PreprocessingPreset,
  { gradient, steps }: Explanation,
): Promise<Record<'map' | 'overlay' | 'comparison' | 'convergence', Tensor3D>> {
  const [height, width] = options.inputSize;
  const proportions = options.crop === 'none' ? photo : { width, height };
  // A map of 32 x 32 pixels would be a stamp.
  const full = sizeOf(proportions, Math.max(height, width, tileLength));
  const tile = sizeOf(proportions, tileLength);

  const vanilla = gray(gradient);
  const running = steps.map(({ map }) => gray(map));
  const smooth = running.at(-1)!;
  const view = await photoPicture(photo, full, options.crop);
  const counts = steps.map(({ samples }) => (samples === 1 ? '1 sample' : `${samples} samples`));

  const map = await resizePicture(smooth, full);
  const comparison = await figure(3, full, [
    [view, 'photo'],
    [vanilla, 'gradient'],
    [smooth, `SmoothGrad, ${counts.at(-1)!}`],
  ]);
  const convergence = await figure(Math.ceil((steps.length + 1) / 2), tile, [
    [vanilla, 'gradient'],
    ...running.map((picture, i): [Tensor, string] => [picture, counts[i]!]),
  ]);
  const overlaid = onGray(view, steps.at(-1)!.map);
  dispose([vanilla, ...running, view]);
  return { map, overlay: overlaid, comparison, convergence };
}

/** As the article shows its maps: the least is black, the greatest hundredth white. */
function gray(map: Tensor): Tensor {
  return tidy(() => colorize(normalize(map), 'gray'));
}

/** On the photo without its colours, so that every colour is the map's. */
function onGray(photo: Tensor3D, map: Tensor): Tensor3D {
  return tidy(() => overlay(mean(photo, 2, true), normalize(map), { alpha: 0.6 }));
}

async function figure(
  columns: number,
  size: Size,
  tiles: [picture: Tensor, caption: string][],
): Promise<Tensor3D> {
  const pictures: Tensor3D[] = [];
  for (const [picture, caption] of tiles) pictures.push(await captioned(picture, size, caption));
  const arranged = grid(pictures, { columns, gap });
  dispose(pictures);
  return arranged;
}

/** These proportions with a longer side of so many pixels. */
export function sizeOf({ width, height }: Size, longer: number): Size {
  const scale = longer / Math.max(width, height);
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}
