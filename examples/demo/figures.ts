import { dispose, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { colorize, grid, normalize } from 'tfjs-saliency';
import type { PreprocessingPreset } from 'tfjs-saliency';
import type { RgbPixels } from 'tfjs-saliency/node';
import { mapOnPhoto } from '../shared/look.js';
import type { Look } from '../shared/look.js';
import { captioned, photoPicture, resizePicture } from '../shared/tiles.js';
import type { Size } from '../shared/tiles.js';
import type { Explanation } from './explain.js';

/** In pixels: of figures of many tiles, and of the sides of the others' tiles. */
const tileLength = 256;
const longest = 1024;
const gap = 8;

/** What the pictures say in words. */
export interface Titles {
  /** 'SmoothGrad, 50 samples' */
  readonly method: string;
  /** 'bowl, 0.28' */
  readonly class: string;
}

/**
 * Draws the pictures of an explanation, by name: the map alone and on the photo, at the size of the
 * photo (or of what the model sees of it), a comparison, and how SmoothGrad converged.
 *
 * @returns pictures [h, w, 3], values 0..255, the caller's to dispose
 */
export async function drawFigures(
  photo: RgbPixels,
  { options }: PreprocessingPreset,
  { gradient, map, steps }: Explanation,
  titles: Titles,
  look: Look,
): Promise<Record<string, Tensor3D>> {
  const size = seenSize(photo, options);
  const view = await photoPicture(photo, size, options.crop);
  const gray = grayPicture(map);
  const onPhoto = mapOnPhoto(view, map, look);
  const vanilla = grayPicture(gradient);
  const explained = `${titles.class}: ${titles.method}`;
  const figures: Record<string, Tensor3D> = {
    map: await resizePicture(gray, size),
    overlay: await captioned(onPhoto, size, explained),
    comparison: await figure(2, within(size, tileLength, longest), [
      [view, titles.class],
      [onPhoto, titles.method],
      [vanilla, 'gradient'],
      [gray, titles.method],
    ]),
  };
  if (steps.length > 0) {
    const running = steps.map((step): [Tensor, string] => [
      grayPicture(step.map),
      step.samples === 1 ? '1 sample' : `${step.samples} samples`,
    ]);
    figures['convergence'] = await figure(
      Math.ceil((steps.length + 1) / 2),
      within(size, tileLength, tileLength),
      [[vanilla, 'gradient'], ...running],
    );
    dispose(running.map(([picture]) => picture));
  }
  dispose([view, gray, onPhoto, vanilla]);
  return figures;
}

/** As the article shows its maps: the least is black, the greatest hundredth white. */
function grayPicture(map: Tensor): Tensor3D {
  return tidy(() => colorize(normalize(map), 'gray')) as Tensor3D;
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

/** The size of what a model sees of a photo, in the photo's own pixels. */
export function seenSize(
  { width, height }: Size,
  { crop, inputSize: [rows, columns] }: PreprocessingPreset['options'],
): Size {
  if (crop === 'none') return { width, height };
  const scale = Math.min(width / columns, height / rows);
  return {
    width: Math.max(1, Math.round(columns * scale)),
    height: Math.max(1, Math.round(rows * scale)),
  };
}

/** These proportions with a longer side of at least and at most so many pixels. */
function within({ width, height }: Size, least: number, most: number): Size {
  const longer = Math.max(width, height);
  const scale = Math.min(most, Math.max(least, longer)) / longer;
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}
