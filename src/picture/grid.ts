import { tensor3d } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import {
  checkOptions,
  checkPositiveInteger,
  checkTensor,
  isTensor,
  outOfRange,
  wrongType,
} from '../checks.js';
import { inFunction } from '../inFunction.js';
import { checkPicture, toBytes } from './values.js';

export interface GridOptions {
  /** Pictures in a row; the root of their number, rounded up, unless given. */
  readonly columns?: number;
  /** Pixels between pictures; 4 unless given. There is no border around them. */
  readonly gap?: number;
  /** RGB in 0..255; white unless given. */
  readonly background?: readonly [red: number, green: number, blue: number];
}

interface Pixels {
  readonly bytes: Uint8ClampedArray;
  readonly height: number;
  readonly width: number;
}

/**
 * Pictures side by side, row by row, in cells of the size of the greatest height and width; smaller
 * ones in the middle of theirs (half a pixel up or left if need be).
 *
 * @param pictures - at least one `[h, w, 3]` of values in 0..255, or a batch of them `[n, h, w, 3]`
 * @returns picture: int32 RGB in 0..255
 * @throws TypeError or RangeError if an argument is wrong.
 */
export function grid(pictures: readonly Tensor[] | Tensor, options: GridOptions = {}): Tensor3D {
  return inFunction('grid', () => {
    checkOptions(options, ['columns', 'gap', 'background']);
    const cells = isTensor(pictures) ? readBatch(pictures) : readPictures(pictures);
    const {
      columns = Math.ceil(Math.sqrt(cells.length)),
      gap = 4,
      background = [255, 255, 255],
    } = options;
    checkPositiveInteger('columns', columns);
    checkGap(gap);
    checkBackground(background);

    const cellHeight = Math.max(...cells.map(({ height }) => height));
    const cellWidth = Math.max(...cells.map(({ width }) => width));
    const height = Math.ceil(cells.length / columns) * (cellHeight + gap) - gap;
    const width = Math.min(columns, cells.length) * (cellWidth + gap) - gap;
    const canvas = new Int32Array(height * width * 3).map((_, i) => background[i % 3]!);
    cells.forEach((cell, index) => {
      const top =
        Math.floor(index / columns) * (cellHeight + gap) +
        Math.floor((cellHeight - cell.height) / 2);
      const left = (index % columns) * (cellWidth + gap) + Math.floor((cellWidth - cell.width) / 2);
      for (let row = 0; row < cell.height; row++) {
        const pixels = cell.bytes.subarray(row * cell.width * 3, (row + 1) * cell.width * 3);
        canvas.set(pixels, ((top + row) * width + left) * 3);
      }
    });
    return tensor3d(canvas, [height, width, 3], 'int32');
  });
}

function readPictures(pictures: readonly Tensor[]): Pixels[] {
  const expected = 'an array of RGB pictures [h, w, 3], or a batch of them [n, h, w, 3]';
  if (!Array.isArray(pictures)) throw wrongType('pictures', expected, pictures);
  if (pictures.length === 0) throw outOfRange('pictures', 'at least one picture', pictures);
  pictures.forEach((picture, i) => {
    checkPicture(`pictures[${i}]`, picture);
  });
  return pictures.map((picture: Tensor3D, i) => {
    const [height, width] = picture.shape;
    return { bytes: toBytes(`pictures[${i}]`, picture.dataSync()), height, width };
  });
}

function readBatch(pictures: Tensor): Pixels[] {
  checkTensor('pictures', pictures);
  const [count, height, width, channels] = (pictures as Tensor4D).shape;
  if (pictures.rank !== 4 || channels !== 3 || pictures.size === 0) {
    throw outOfRange('pictures', 'RGB pictures of shape [n, h, w, 3] with no size 0', pictures);
  }
  const bytes = toBytes('pictures', pictures.dataSync());
  const size = height * width * 3;
  return Array.from({ length: count }, (_, i) => ({
    bytes: bytes.subarray(i * size, (i + 1) * size),
    height,
    width,
  }));
}

function checkGap(gap: number): void {
  if (typeof gap !== 'number') throw wrongType('gap', 'an integer >= 0', gap);
  if (!Number.isInteger(gap) || gap < 0) throw outOfRange('gap', 'an integer >= 0', gap);
}

function checkBackground(background: readonly number[]): void {
  const expected = 'three integers [red, green, blue] in 0..255';
  const isTriple =
    Array.isArray(background) && background.every((value) => typeof value === 'number');
  if (!isTriple) throw wrongType('background', expected, background);
  const isByte = (value: number) => Number.isInteger(value) && value >= 0 && value <= 255;
  if (background.length !== 3 || !background.every(isByte))
    throw outOfRange('background', expected, background);
}
