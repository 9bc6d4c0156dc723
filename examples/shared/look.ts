/** How programs draw a map on a photo, as their flags say. */
import { blur, overlay } from 'tfjs-saliency';
import type { ImageInput, OverlayMode, PictureLike, PlainTensor } from 'tfjs-saliency';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { fraction } from './flags.js';
import { InputError } from './run.js';

export interface Look {
  readonly view: OverlayMode;
  /** Standard deviation of the blur, as a fraction of the map's shorter side; 0 for none. */
  readonly blur: number;
}

const views: readonly OverlayMode[] = ['heat', 'blend', 'mask', 'contour'];

export const lookOptions = {
  view: { type: 'string', default: 'heat' },
  blur: { type: 'string', default: '0.02' },
} as const;

export const lookUsage = `  --view KIND     how the map lies on the photo: ${views.join(', ')} (heat)
  --blur SIGMA    how far the map is blurred on the photo, as a fraction of its shorter side; 0 for not at all (0.02)`;

/** @throws InputError if a flag has a wrong value. */
export function readLook(flags: { view: string; blur: string }): Look {
  const view = views.find((candidate) => candidate === flags.view);
  if (view === undefined)
    throw new InputError(`--view must be one of ${views.join(', ')}, got '${flags.view}'`);
  return { view, blur: fraction('blur', flags.blur) };
}

/** Shows a map [h, w] on the photo it explains. */
export function mapOnPhoto<T extends Tensor | PlainTensor>(
  photo: ImageInput | PlainTensor,
  map: T,
  { view, blur: sigma }: Look,
): PictureLike<T, Tensor3D> {
  if (sigma === 0) return overlay(photo, map, { mode: view });
  const blurred = blur(map, { sigma }) as T;
  try {
    return overlay(photo, blurred, { mode: view });
  } finally {
    (blurred as Partial<Tensor>).dispose?.();
  }
}
