import { inFunction } from '../inFunction.js';
import { FileError } from './fileError.js';
import { checkFile, checkPath } from './localFile.js';
import { importOptional } from './optionalPackage.js';

/** RGB pixels, three values of 0..255 each, in rows from the top left. */
export interface RgbPixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/**
 * Reads a photo (JPEG, PNG, WebP, ...) as the RGB pixels that presets take.
 *
 * It comes upright, whichever way its camera was held, and what is transparent lies on white. The
 * package sharp has to be installed.
 *
 * @throws FileError if there is no such file, or if it is no image or a damaged one.
 */
export function readImage(path: string): Promise<RgbPixels> {
  return inFunction('readImage', async () => {
    checkPath('path', path);
    const { default: sharp } = await importOptional('sharp', () => import('sharp'));
    await checkFile(path);
    try {
      const { data, info } = await sharp(path, { failOn: 'error' })
        .rotate() // as EXIF says
        .flatten({ background: 'white' })
        .toColourspace('srgb')
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true });
      return { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
    } catch (error) {
      const reason = (error as Error).message.trim().split('\n')[0]!;
      throw new FileError(path, `not an image that can be read (${reason})`, { cause: error });
    }
  });
}
