import { tensor3d } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import type { Photo } from './images.js';
import { lettering } from './lettering.js';

/** In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

const captionHeight = 24;

/**
 * A photo in the size that pictures are shown in.
 *
 * @param crop - as in the model's preprocessing: `'none'` shows all of it, `'center'` what is left
 * of it there
 * @returns picture `[height, width, 3]`, values 0..255
 */
export async function photoPicture(
  photo: Photo,
  { width, height }: Size,
  crop: 'none' | 'center',
): Promise<Tensor3D> {
  const raw = { width: photo.width, height: photo.height, channels: 4 } as const;
  const image = sharp(photo.data, { raw }).removeAlpha();
  return readPicture(image.resize(width, height, { fit: crop === 'none' ? 'fill' : 'cover' }));
}

/**
 * A picture `[h, w, 3]` of any size, resized (antialiased when it shrinks). It stays the caller's.
 */
export async function resizePicture(picture: Tensor, { width, height }: Size): Promise<Tensor3D> {
  return readPicture((await open(picture)).resize(width, height, { fit: 'fill' }));
}

/** As {@link resizePicture}, with a line of text below. */
export async function captioned(
  picture: Tensor,
  { width, height }: Size,
  caption: string,
): Promise<Tensor3D> {
  const text = Buffer.from(lettering(caption, width, captionHeight));
  const tile = (await open(picture))
    .resize(width, height, { fit: 'fill' })
    .extend({ bottom: captionHeight, background: 'white' })
    .composite([{ input: text, top: height, left: 0 }]);
  return readPicture(tile);
}

async function open(picture: Tensor): Promise<Sharp> {
  const [height, width] = picture.shape as [number, number];
  return sharp(Uint8Array.from(await picture.data()), { raw: { width, height, channels: 3 } });
}

async function readPicture(image: Sharp): Promise<Tensor3D> {
  const { data, info } = await image
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return tensor3d(Int32Array.from(data), [info.height, info.width, 3], 'int32');
}
