/**
 * Reads images in whatever form people have them.
 *
 * Letters: n images, h x w pixels, c channels.
 */
import { cast, mul, reshape, slice, sum, tensor4d, tile } from '@tensorflow/tfjs-core';
import type { browser, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { checkPositiveInteger, checkTensor, isTensor, outOfRange, wrongType } from '../checks.js';
import { readDrawable } from './drawable.js';
import { isDrawable } from './isDrawable.js';

/**
 * Pixels in rows from the top left: the browser's ImageData, what sharp's `raw()` gives, or any
 * object of this form. `data` holds 1 (gray), 3 (RGB) or 4 (RGBA) values a pixel, so `width *
 * height` times as many in all.
 */
export interface ImageDataLike {
  readonly data: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
}

/**
 * An image as people have it: a tensor `[h, w, c]`, or `[n, h, w, c]` for a batch, of any numeric
 * dtype, with c = 3 (RGB), 4 (RGBA, alpha is dropped) or 1 (gray); pixels
 * `{ data, width, height }`; or what `tf.browser.fromPixels` takes (an image, canvas, video or
 * ImageBitmap, of a frame too, read in its own size, not in the one it is shown at).
 */
export type ImageInput =
  Tensor | ImageDataLike | Parameters<typeof browser.fromPixels>[0] | OffscreenCanvas;

/** Tells whether `image` is a batch of images: a tensor of rank 4. */
export function hasBatchDimension(image: ImageInput): boolean {
  return isTensor(image) && image.shape.length === 4;
}

/**
 * Reads any image as float32 RGB `[n, h, w, 3]`, values unchanged; gray is repeated.
 *
 * Not tidied: the caller's tidy frees what lies between.
 * @throws TypeError if `image` is no image, RangeError if its size or number of channels is wrong.
 */
export function toRgb(image: ImageInput): Tensor4D {
  const pixels = readImage(image);
  return pixels.shape[3] === 1 ? tile(pixels, [1, 1, 1, 3]) : pixels;
}

/**
 * Reads any image as float32 gray `[n, h, w, 1]`: R, G and B weighted, gray unchanged.
 *
 * Not tidied, and throws, as {@link toRgb}.
 */
export function toGray(image: ImageInput, weights: readonly number[]): Tensor4D {
  const pixels = readImage(image);
  return pixels.shape[3] === 1 ? pixels : sum(mul(pixels, [...weights]), -1, true);
}

/** Reads any image as float32 `[n, h, w, c]` with c = 1 or 3. */
function readImage(image: ImageInput): Tensor4D {
  if (isTensor(image)) return fromTensor(image);
  if (isImageDataLike(image)) return fromPixelData(image);
  if (isDrawable(image)) return fromTensor(readDrawable(image));
  const expected =
    'a tensor, pixels { data, width, height }, or an image, canvas, video or ImageBitmap';
  throw wrongType('image', expected, image, wayOut(image));
}

function fromTensor(image: Tensor): Tensor4D {
  checkTensor('image', image);
  const { rank, size } = image;
  const [n, h, w, channels] = rank === 3 ? [1, ...image.shape] : image.shape;
  if ((rank !== 3 && rank !== 4) || size === 0 || !isChannelCount(channels!)) {
    const expected = 'of shape [h, w, c] or [n, h, w, c] with c = 1, 3 or 4 and no size 0';
    throw outOfRange('image', expected, image);
  }
  const batch: Tensor4D = cast(reshape(image, [n!, h!, w!, channels!]), 'float32');
  return channels === 4 ? slice(batch, [0, 0, 0, 0], [-1, -1, -1, 3]) : batch;
}

function fromPixelData(image: ImageDataLike): Tensor4D {
  const { data, width, height } = image;
  if (width === undefined && 'info' in image) {
    const expected = 'pixels { data, width, height }';
    throw wrongType('image', expected, image, 'of what sharp returns, give { data, ...info }');
  }
  checkPositiveInteger('image.width', width);
  checkPositiveInteger('image.height', height);
  const pixels = width * height;
  const channels = data.length / pixels;
  if (!isChannelCount(channels)) {
    const expected = `${pixels} (gray), ${3 * pixels} (RGB) or ${4 * pixels} (RGBA) for ${width} x ${height} pixels`;
    throw outOfRange('image.data.length', expected, data.length);
  }
  const kept = channels === 1 ? 1 : 3;
  const values = new Float32Array(kept * pixels);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < kept; c++) values[kept * i + c] = data[channels * i + c]!;
  }
  return tensor4d(values, [1, height, width, kept]);
}

function isChannelCount(channels: number): boolean {
  return channels === 1 || channels === 3 || channels === 4;
}

function isImageDataLike(image: unknown): image is ImageDataLike {
  const { data } = (image ?? {}) as { data?: unknown };
  return typeof data === 'object' && data !== null && 'length' in data;
}

/** Says what to do with what people give instead of an image, where that is known. */
function wayOut(image: unknown): string | undefined {
  if (image instanceof Promise) return 'await it first';
  const isEncoded = typeof image === 'string' || image instanceof Blob || ArrayBuffer.isView(image);
  return isEncoded
    ? 'decode it first: createImageBitmap in a browser, readImage of tfjs-saliency/node in Node'
    : undefined;
}
