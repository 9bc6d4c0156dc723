import type { Tensor } from '@tensorflow/tfjs-core';
import { wrongType } from '../checks.js';
import { inFunction, toBeNamed } from '../inFunction.js';
import type { PlainTensor } from '../plainTensor.js';
import { bytesOfAsync, checkPicture } from './bytes.js';

/** What ImageData holds, without being one: Node has no such class. */
export interface PixelData {
  /** R, G, B and A (255) of each pixel in 0..255, row by row from the top left. */
  data: Uint8ClampedArray<ArrayBuffer>;
  width: number;
  height: number;
}

/**
 * The part of a canvas that {@link toCanvas} uses: an HTMLCanvasElement, an OffscreenCanvas, or
 * node-canvas's.
 */
export interface CanvasLike {
  width: number;
  height: number;
  getContext(contextId: '2d'): CanvasContext | null;
}

/** The part of a 2D context that {@link toCanvas} uses. */
export interface CanvasContext {
  createImageData(width: number, height: number): { readonly data: Uint8ClampedArray };
  putImageData(imageData: { readonly data: Uint8ClampedArray }, x: number, y: number): void;
}

/**
 * Reads a picture's pixels in the form of the browser's ImageData, opaque. Asynchronous, so that a
 * GPU need not be waited for; keep the picture until then.
 *
 * @param picture - `[h, w, 3]`, values in 0..255; a tensor or `{ data, shape }`
 * @throws TypeError or RangeError (as a rejection) if the picture is none.
 */
export function toImageData(picture: Tensor | PlainTensor): Promise<PixelData> {
  return inFunction('toImageData', async () => {
    checkPicture('picture', picture);
    return readPixels(picture);
  });
}

/**
 * Draws a picture on a canvas, which takes its size; in a window, a worker or Node. Asynchronous
 * like {@link toImageData}.
 *
 * @param picture - `[h, w, 3]`, values in 0..255; a tensor or `{ data, shape }`
 * @param canvas - one that can give a 2D context
 * @throws TypeError or RangeError (as a rejection) if an argument is wrong.
 */
export function toCanvas(picture: Tensor | PlainTensor, canvas: CanvasLike): Promise<void> {
  return inFunction('toCanvas', async () => {
    checkPicture('picture', picture);
    if (typeof canvas?.getContext !== 'function') throw wrongType('canvas', 'a canvas', canvas);
    const context = canvas.getContext('2d');
    if (context === null) {
      const message = 'canvas must give a 2D context, got one in use for another kind';
      throw toBeNamed(new TypeError(message));
    }
    const { data, width, height } = await readPixels(picture);
    canvas.width = width;
    canvas.height = height;
    const imageData = context.createImageData(width, height);
    imageData.data.set(data);
    context.putImageData(imageData, 0, 0);
  });
}

async function readPixels(picture: Tensor | PlainTensor): Promise<PixelData> {
  const [height, width] = picture.shape as [number, number, 3];
  const rgb = await bytesOfAsync('picture', picture);
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++)
    for (let c = 0; c < 3; c++) data[4 * pixel + c] = rgb[3 * pixel + c]!;
  return { data, width, height };
}
