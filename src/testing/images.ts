/** Images by formula, to test pipelines with: the same on every machine, and in no file. */
import { checkFunction, checkOptions, checkPositiveInteger } from '../checks.js';
import { inFunction } from '../inFunction.js';

export interface ImageOptions {
  /** Default 32. */
  readonly width?: number;
  /** Default 32. */
  readonly height?: number;
}

/** An image as ImageData has it: RGBA, row by row. */
export interface FormulaImage {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

type Color = readonly [red: number, green: number, blue: number];

/**
 * Makes an image of a formula.
 * @param color gives the red, green and blue of a pixel, 0 to 255
 */
export function imageOf(
  color: (x: number, y: number) => Color,
  options: ImageOptions = {},
): FormulaImage {
  return inFunction('imageOf', () => {
    checkFunction('color', color);
    checkOptions(options, ['width', 'height']);
    const { width = 32, height = 32 } = options;
    checkPositiveInteger('width', width);
    checkPositiveInteger('height', height);
    const data = new Uint8ClampedArray(4 * width * height);
    for (let i = 0; i < width * height; i++) {
      data.set([...color(i % width, Math.floor(i / width)), 255], 4 * i);
    }
    return { data, width, height };
  });
}

/** Makes an image of black and white squares, `cell` pixels wide. */
export const checkerboard = (cell: number, options?: ImageOptions): FormulaImage =>
  imageOf((x, y) => gray(((Math.floor(x / cell) + Math.floor(y / cell)) % 2) * 255), options);

/** Makes a white spot on black; `at` is its middle, in pixels. */
export const spotImage = (
  at: { readonly x: number; readonly y: number },
  radius: number,
  options?: ImageOptions,
): FormulaImage =>
  imageOf((x, y) => gray(Math.hypot(x + 0.5 - at.x, y + 0.5 - at.y) <= radius ? 255 : 0), options);

/** Makes an image of smooth colours, in which no two pixels of a row or column are the same. */
export const colorRamp = (options: ImageOptions = {}): FormulaImage => {
  const { width = 32, height = 32 } = options;
  return imageOf((x, y) => {
    const [across, down] = [x / Math.max(1, width - 1), y / Math.max(1, height - 1)];
    return [255 * across, 255 * down, 255 * (1 - (across + down) / 2)];
  }, options);
};

const gray = (value: number): Color => [value, value, value];
