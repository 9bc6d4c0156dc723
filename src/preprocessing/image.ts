import { browser, cast, reshape, slice, tensor4d, tile } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { checkPositiveInteger, checkTensor, isTensor, outOfRange, wrongType } from '../checks.js';

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
 * An RGB image as people have it: a tensor `[h, w, c]`, or `[n, h, w, c]` for a batch, of any
 * numeric dtype, with c = 3 (RGB), 4 (RGBA, alpha is dropped) or 1 (gray, repeated to RGB); pixels
 * `{ data, width, height }`; or what `tf.browser.fromPixels` takes (an image, canvas, video or
 * ImageBitmap, read in its own size, not in the one it is shown at).
 */
export type ImageInput =
  Tensor | ImageDataLike | Parameters<typeof browser.fromPixels>[0] | OffscreenCanvas;

type Drawable = Parameters<typeof browser.fromPixels>[0];

/** Tells whether `image` is a batch of images: a tensor of rank 4. */
export function hasBatchDimension(image: ImageInput): boolean {
  return isTensor(image) && image.shape.length === 4;
}

/**
 * Reads any image as float32 RGB `[n, h, w, 3]`, values unchanged.
 *
 * Not tidied: the caller's tidy frees what lies between.
 * @throws TypeError if `image` is no image, RangeError if its size or number of channels is wrong.
 */
export function toRgb(image: ImageInput): Tensor4D {
  if (isTensor(image)) return fromTensor(image);
  if (isImageDataLike(image)) return fromPixelData(image);
  if (isDrawable(image)) return fromDrawable(image);
  const expected =
    'a tensor, pixels { data, width, height }, or an image, canvas, video or ImageBitmap';
  throw wrongType('image', expected, image);
}

function fromTensor(image: Tensor): Tensor4D {
  checkTensor('image', image);
  const { rank, size } = image;
  const [n, h, w, channels] = rank === 3 ? [1, ...image.shape] : image.shape;
  if ((rank !== 3 && rank !== 4) || size === 0 || !isChannelCount(channels!)) {
    throw outOfRange(
      'image',
      'of shape [h, w, c] or [n, h, w, c] with c = 1, 3 or 4 and no size 0',
      image,
    );
  }
  const batch = cast(reshape(image, [n!, h!, w!, channels!]), 'float32') as Tensor4D;
  if (channels === 1) return tile(batch, [1, 1, 1, 3]);
  return channels === 4 ? slice(batch, [0, 0, 0, 0], [-1, -1, -1, 3]) : batch;
}

function fromPixelData({ data, width, height }: ImageDataLike): Tensor4D {
  checkPositiveInteger('image.width', width);
  checkPositiveInteger('image.height', height);
  const pixels = width * height;
  const channels = data.length / pixels;
  if (!isChannelCount(channels)) {
    const expected = `${pixels} (gray), ${3 * pixels} (RGB) or ${4 * pixels} (RGBA) for ${width} x ${height} pixels`;
    throw outOfRange('image.data.length', expected, data.length);
  }
  const rgb = new Float32Array(3 * pixels);
  const [red, green, blue] = channels === 1 ? [0, 0, 0] : [0, 1, 2];
  for (let i = 0; i < pixels; i++) {
    rgb[3 * i] = data[channels * i + red]!;
    rgb[3 * i + 1] = data[channels * i + green]!;
    rgb[3 * i + 2] = data[channels * i + blue]!;
  }
  return tensor4d(rgb, [1, height, width, 3]);
}

function fromDrawable(image: Drawable): Tensor4D {
  const size =
    'videoWidth' in image ? [image.videoWidth, image.videoHeight] : [image.width, image.height];
  if (size.includes(0))
    throw outOfRange("image's width and height", 'positive (has it loaded?)', size);
  return fromTensor(browser.fromPixels(inOwnSize(image)));
}

/** Draws an img in its own size where tfjs would read it in the size that the page shows. */
function inOwnSize(image: Drawable): Drawable {
  const { naturalWidth: width, naturalHeight: height } = image as Partial<HTMLImageElement>;
  if (
    width === undefined ||
    height === undefined ||
    (width === image.width && height === image.height)
  )
    return image;
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  canvas.getContext('2d')!.drawImage(image as HTMLImageElement, 0, 0, width, height);
  return canvas;
}

function isChannelCount(channels: number): boolean {
  return channels === 1 || channels === 3 || channels === 4;
}

function isImageDataLike(image: unknown): image is ImageDataLike {
  const { data } = (image ?? {}) as { data?: unknown };
  return typeof data === 'object' && data !== null && 'length' in data;
}

/**
 * Recognises what `browser.fromPixels` draws.
 *
 * By the classes' names, as none of them need exist outside a browser.
 */
function isDrawable(image: unknown): image is Drawable {
  if (typeof image !== 'object' || image === null) return false;
  if ('getContext' in image) return true;
  const classes = globalThis as unknown as Record<string, unknown>;
  return ['HTMLImageElement', 'HTMLVideoElement', 'ImageBitmap'].some((name) => {
    const drawable = classes[name];
    return typeof drawable === 'function' && image instanceof drawable;
  });
}
