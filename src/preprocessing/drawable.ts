/** Reads the pixels of what can be drawn. */
import { browser } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { outOfRange } from '../checks.js';
import { classOf } from './isDrawable.js';
import type { Drawable } from './isDrawable.js';

type Readable = Parameters<typeof browser.fromPixels>[0];

/**
 * Reads RGB pixels `[h, w, 3]`, in the image's own size.
 * @throws RangeError if it has no pixels yet.
 */
export function readDrawable(image: Drawable): Tensor {
  const [width, height] = sizeOf(image);
  if (width === 0 || height === 0) {
    const expected = 'positive (has it loaded?)';
    throw outOfRange("image's width and height", expected, [width, height]);
  }
  const readable = isReadable(image, width, height) ? image : draw(image, width, height);
  return browser.fromPixels(readable as Readable);
}

/** Reads the size of the picture itself, not the one that the page shows it at. */
function sizeOf(image: Drawable): [width: number, height: number] {
  if ('videoWidth' in image) return [image.videoWidth, image.videoHeight];
  if ('naturalWidth' in image) return [image.naturalWidth, image.naturalHeight];
  return [image.width, image.height];
}

/** Tells whether tfjs reads it: it knows the classes of its own realm, and reads the size shown. */
function isReadable(image: Drawable, width: number, height: number): boolean {
  if ('getContext' in image) return true;
  const ours = (globalThis as unknown as Record<string, unknown>)[classOf(image)];
  if (typeof ours !== 'function' || !(image instanceof ours)) return false;
  return 'videoWidth' in image || (image.width === width && image.height === height);
}

function draw(image: Drawable, width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  canvas.getContext('2d')!.drawImage(image, 0, 0, width, height);
  return canvas;
}
