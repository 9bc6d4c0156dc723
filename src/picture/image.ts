/** Reads the photo that a map is laid over, whatever form it has: without tfjs. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkPositiveInteger, isBag, isTensor, outOfRange, wrongType } from '../checks.js';
import { checkNumbers, isFloat, sizeOf } from '../plainTensor.js';
import type { NumberList, PlainTensor } from '../plainTensor.js';
import type { ImageDataLike, ImageInput } from '../preprocessing/image.js';
import { toBytes } from './bytes.js';

/** An RGB photo: bytes row by row. */
export interface Photo {
  readonly bytes: Uint8ClampedArray;
  readonly height: number;
  readonly width: number;
}

type Drawable = Exclude<ImageInput, Tensor | ImageDataLike>;

/** @throws TypeError if `image` is none, RangeError if its size, channels or values are wrong. */
export function readPhoto(image: ImageInput | PlainTensor): Photo {
  if (isTensor(image) || isBagWith('shape', image)) return fromNumbers(image);
  if (isBagWith('data', image)) return fromPixels(image as ImageDataLike);
  if (isDrawable(image)) return fromPixels(drawn(image));
  const expected =
    'a tensor, numbers { data, shape }, pixels { data, width, height }, or an image, canvas, video or ImageBitmap';
  throw wrongType('image', expected, image);
}

function fromNumbers(image: Tensor | PlainTensor): Photo {
  checkNumbers('image', image);
  const { shape } = image;
  const [channels = 0, width = 0, height = 0, count = 1] = [...shape].reverse();
  const isImage = shape.length === 3 || shape.length === 4;
  if (!isImage || sizeOf(shape) === 0 || ![1, 3, 4].includes(channels)) {
    const expected = 'of shape [h, w, c] or [1, h, w, c] with c = 1, 3 or 4 and no size 0';
    throw outOfRange('image', expected, image);
  }
  if (count !== 1) throw outOfRange('image', 'one image, not a batch', image);
  const values = isTensor(image) ? image.dataSync() : image.data;
  return { bytes: toBytes('image', rgbOf(values, channels), isFloat(image)), height, width };
}

function fromPixels({ data, width, height }: ImageDataLike): Photo {
  checkPositiveInteger('image.width', width);
  checkPositiveInteger('image.height', height);
  const pixels = width * height;
  const channels = data.length / pixels;
  if (![1, 3, 4].includes(channels)) {
    const expected = `${pixels} (gray), ${3 * pixels} (RGB) or ${4 * pixels} (RGBA) for ${width} x ${height} pixels`;
    throw outOfRange('image.data.length', expected, data.length);
  }
  const areFloats = isFloat({ data: data as NumberList, shape: [] });
  return { bytes: toBytes('image', rgbOf(data, channels), areFloats), height, width };
}

/** Repeats gray in three channels, and drops alpha. */
function rgbOf(values: ArrayLike<number>, channels: number): Float32Array {
  if (channels === 3) return new Float32Array(values);
  const pixels = values.length / channels;
  const rgb = new Float32Array(3 * pixels);
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let c = 0; c < 3; c++)
      rgb[3 * pixel + c] = values[channels * pixel + (channels === 1 ? 0 : c)]!;
  return rgb;
}

/** Draws an image in its natural size and reads its pixels. */
function drawn(image: Drawable): ImageDataLike {
  const { naturalWidth, naturalHeight, videoWidth, videoHeight } = image as Partial<
    HTMLImageElement & HTMLVideoElement
  >;
  const width = naturalWidth ?? videoWidth ?? image.width;
  const height = naturalHeight ?? videoHeight ?? image.height;
  if (width === 0 || height === 0)
    throw outOfRange("image's width and height", 'positive (has it loaded?)', [width, height]);
  // A canvas in use for WebGL gives no 2D context and is drawn like an image.
  const existing = 'getContext' in image ? (image as HTMLCanvasElement).getContext('2d') : null;
  if (existing !== null) return existing.getImageData(0, 0, width, height);
  const context = newCanvas(width, height).getContext('2d') as CanvasRenderingContext2D;
  context.drawImage(image as CanvasImageSource, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

function newCanvas(width: number, height: number): HTMLCanvasElement | OffscreenCanvas {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement('canvas'), { width, height });
}

function isBagWith<K extends string>(key: K, value: unknown): value is PlainTensor {
  return isBag(value) && typeof (value as Record<K, unknown>)[key] === 'object';
}

/** Knows a drawable by its class's name: another window has another class of that name. */
function isDrawable(image: unknown): image is Drawable {
  if (typeof image !== 'object' || image === null) return false;
  const tag = Object.prototype.toString.call(image);
  return 'getContext' in image || /HTMLImage|HTMLVideo|ImageBitmap/.test(tag);
}
