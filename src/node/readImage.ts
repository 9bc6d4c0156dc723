import { readFile } from 'node:fs/promises';
import { checkPositiveInteger } from '../checks.js';
import { inFunction } from '../inFunction.js';
import { checkKnown, option, optionTable, readOptions } from '../options.js';
import type { OptionsOf } from '../options.js';
import { downloader, downloadOptions, isUrl } from './download.js';
import { FileError } from './fileError.js';
import { checkFile, checkPath } from './localFile.js';
import { importOptional } from './optionalPackage.js';

/** RGB pixels, three values of 0..255 each, in rows from the top left. */
export interface RgbPixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

const imageOptions = /* @__PURE__ */ optionTable(() => ({
  ...downloadOptions,
  /** The most pixels: a file of some bytes may claim any number. Default: 1e8. */
  maxPixels: option<number>(checkPositiveInteger, 100_000_000),
}));

/**
 * Limits of what {@link readImage} reads.
 *
 * @interface
 */
export type ReadImageOptions = OptionsOf<typeof imageOptions>;

/**
 * Reads a photo (JPEG, PNG, WebP, ...) as the RGB pixels that presets take.
 *
 * It comes upright, whichever way its camera was held, and what is transparent lies on white; of an
 * animation it is the first picture. The package sharp has to be installed.
 *
 * @param location - a path, or the http(s) URL of the file
 * @param options - limits: `maxPixels` (1e8); of a URL `maxBytes` (1e9) and `timeout` (300 000 ms)
 * @throws FileError if there is no such file, if it is no image or a damaged one, or if it is
 * beyond the limits.
 */
export function readImage(location: string, options: ReadImageOptions = {}): Promise<RgbPixels> {
  return inFunction('readImage', async () => {
    checkPath('location', location, 'a path or a URL');
    checkKnown(options, imageOptions);
    const { maxPixels, ...limits } = readOptions(imageOptions, options);
    const { default: sharp } = await importOptional('sharp', () => import('sharp'));
    const bytes = isUrl(location) ? await downloader(limits)(location) : undefined;
    if (bytes === undefined) await checkFile(location);
    try {
      // libvips remembers by its path what a file held, even if it holds something else by now.
      const image = sharp(bytes ?? (await readFile(location)), {
        failOn: 'error',
        limitInputPixels: false,
      });
      const { width, height } = await image.metadata();
      if (width * height > maxPixels) throw tooLarge(location, width, height, maxPixels);
      const { data, info } = await image
        .rotate() // as EXIF says
        .flatten({ background: 'white' })
        .toColourspace('srgb')
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true });
      return { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
    } catch (error) {
      if (error instanceof FileError) throw error;
      const reason = (error as Error).message.trim().split('\n')[0]!;
      throw new FileError(location, `not an image that can be read (${reason})`, { cause: error });
    }
  });
}

function tooLarge(location: string, width: number, height: number, maxPixels: number): FileError {
  return new FileError(
    location,
    `an image of ${width} x ${height}, more than ${maxPixels} pixels; ` +
      'a greater maxPixels would allow it',
  );
}
