/** Photos that come with npm packages: squares cut out of those of colorthief. */
import path from 'node:path';
import { readImage } from 'tfjs-saliency/node';
import type { RgbPixels } from 'tfjs-saliency/node';

const FILES = [1, 2, 3].map((i) =>
  path.resolve(`node_modules/colorthief/examples/img/image-${i}.jpg`),
);

/** Left, top and side of each square, as fractions of the photo's height. */
const SQUARES = [
  [0.16, 0, 1],
  [0, 0, 0.7],
  [0.63, 0, 0.7],
  [0, 0.3, 0.7],
  [0.63, 0.3, 0.7],
  [0.3, 0.15, 0.7],
  [0.41, 0.25, 0.5],
] as const;

/** The number of different photos. */
export const PHOTOS = FILES.length * SQUARES.length;

/** Reads photo `index`: the squares of a file are not next to each other. */
export async function photoAt(index: number): Promise<RgbPixels> {
  const image = await readImage(FILES[index % FILES.length]!);
  const square = SQUARES[Math.floor(index / FILES.length)]!;
  const [left, top, side] = square.map((part) => Math.round(part * image.height));
  return crop(image, left!, top!, side!);
}

function crop({ data, width }: RgbPixels, left: number, top: number, side: number): RgbPixels {
  const cut = new Uint8ClampedArray(3 * side * side);
  for (let y = 0; y < side; y++) {
    const start = 3 * ((top + y) * width + left);
    cut.set(data.subarray(start, start + 3 * side), 3 * y * side);
  }
  return { data: cut, width: side, height: side };
}
