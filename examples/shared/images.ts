import sharp from 'sharp';
import { checkFile } from './files.js';
import { InputError } from './run.js';

export interface Photo {
  /** RGBA, row by row, 0..255; what was transparent lies on white. */
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

/**
 * Reads a photo (JPEG, PNG, WebP, ...) upright, whichever way its camera was held.
 *
 * @throws InputError if there is no such file, or if it is no image or a damaged one.
 */
export async function readImage(file: string): Promise<Photo> {
  await checkFile(file);
  try {
    const { data, info } = await sharp(file, { failOn: 'error' })
      .autoOrient()
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
  } catch (error) {
    const reason = (error as Error).message.trim().split('\n')[0]!;
    throw new InputError(`${file}: not an image that can be read (${reason})`);
  }
}
