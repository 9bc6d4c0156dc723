import { tensor3d } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import type { PlainTensor } from 'tfjs-saliency';
import type { RgbPixels } from 'tfjs-saliency/node';
import { lettering } from './lettering.js';

/** In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Of a line of text below a picture: legible in a small picture, and in a large one too. */
export function captionHeight({ width, height }: Size): number {
  return Math.max(24, Math.round(Math.min(width, height) / 16));
}

/**
 * A photo in the size that pictures are shown in.
 *
 * @param crop - as in the model's preprocessing: `'none'` shows all of it, `'center'` what is left
 * of it there
 * @returns picture `[height, width, 3]`, values 0..255
 */
export async function photoPicture(
  photo: RgbPixels,
  { width, height }: Size,
  crop: 'none' | 'center',
): Promise<Tensor3D> {
  const raw = { width: photo.width, height: photo.height, channels: 3 } as const;
  const image = sharp(photo.data, { raw });
  return readPicture(image.resize(width, height, { fit: crop === 'none' ? 'fill' : 'cover' }));
}

/**
 * A picture `[h, w, 3]` of any size, resized (antialiased when it shrinks). It stays the caller's.
 */
export async function resizePicture(
  picture: Tensor | PlainTensor,
  { width, height }: Size,
): Promise<Tensor3D> {
  return readPicture((await open(picture)).resize(width, height, { fit: 'fill' }));
}

/** As {@link resizePicture}, with a line of text below. */
export async function captioned(
  picture: Tensor | PlainTensor,
  { width, height }: Size,
  caption: string,
): Promise<Tensor3D> {
  const bottom = captionHeight({ width, height });
  const text = Buffer.from(lettering(caption, width, bottom));
  const tile = (await open(picture))
    .resize(width, height, { fit: 'fill' })
    .extend({ bottom, background: 'white' })
    .composite([{ input: text, top: height, left: 0 }]);
  return readPicture(tile);
}

async function open(picture: Tensor | PlainTensor): Promise<Sharp> {
  const [height, width] = picture.shape as [number, number];
  const data = typeof picture.data === 'function' ? await picture.data() : picture.data;
  return sharp(Uint8Array.from(data), { raw: { width, height, channels: 3 } });
}

async function readPicture(image: Sharp): Promise<Tensor3D> {
  const { data, info } = await image
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return tensor3d(Int32Array.from(data), [info.height, info.width, 3], 'int32');
}
