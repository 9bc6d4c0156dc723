import type { Pixels, Size } from '../state.js';

/** Larger photos are made smaller: no model sees more, and neither does the page. */
const LONGEST = 1024;

export interface PhotoPixels {
  readonly pixels: Pixels;
  /** Of the file, upright. */
  readonly original: Size;
}

/**
 * Reads a photo upright, on white where it is transparent, at most 1024 pixels wide and high.
 *
 * @param square - whether only the square in its middle is wanted
 * @throws Error if the browser cannot read it.
 */
export async function readPhoto(
  blob: Blob,
  square: boolean,
): Promise<PhotoPixels & { bitmap: ImageBitmap }> {
  const image = await createImageBitmap(blob).catch(() => {
    throw new Error('not an image that this browser can read');
  });
  const original = { width: image.width, height: image.height };
  const side = Math.min(image.width, image.height);
  const seen = square ? { width: side, height: side } : original;
  const scale = Math.min(1, LONGEST / Math.max(seen.width, seen.height));
  const width = Math.max(1, Math.round(seen.width * scale));
  const height = Math.max(1, Math.round(seen.height * scale));

  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  const left = (image.width - seen.width) / 2;
  const top = (image.height - seen.height) / 2;
  context.drawImage(image, left, top, seen.width, seen.height, 0, 0, width, height);
  image.close();
  const { data } = context.getImageData(0, 0, width, height);
  return { pixels: { data, width, height }, original, bitmap: canvas.transferToImageBitmap() };
}
