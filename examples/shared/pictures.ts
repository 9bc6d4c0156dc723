import type { Tensor } from '@tensorflow/tfjs-core';
import { encodePNG } from 'tfjs-saliency';
import { writeFiles } from './files.js';

/**
 * Writes pictures [h, w, 3], values 0..255, as PNG files into a folder: all of them or none.
 *
 * @param pictures - By the name of the file, without its `.png`. They stay the caller's.
 * @returns the paths of the files, in the order given.
 */
export async function writePictures(
  folder: string,
  pictures: Record<string, Tensor>,
): Promise<string[]> {
  const contents: Record<string, Uint8Array> = {};
  for (const [name, picture] of Object.entries(pictures))
    contents[`${name}.png`] = await encodePNG(picture);
  return writeFiles(folder, contents);
}
