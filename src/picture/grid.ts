import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { checkOptions, checkPositiveInteger, isTensor, outOfRange, wrongType } from '../checks.js';
import { inFunction } from '../inFunction.js';
import { checkNumbers, readNumbers, sizeOf } from '../plainTensor.js';
import type { PictureLike, PlainTensor } from '../plainTensor.js';
import { bytesOf, checkPicture } from './bytes.js';

export interface GridOptions {
  /** Pictures in a row; the root of their number, rounded up, unless given. */
  readonly columns?: number;
  /** Pixels between pictures; 4 unless given. There is no border around them. */
  readonly gap?: number;
  /** RGB in 0..255; white unless given. */
  readonly background?: readonly [red: number, green: number, blue: number];
}

/** A picture's bytes and size. */
interface Cell {
  readonly bytes: Uint8ClampedArray;
  readonly height: number;
  readonly width: number;
}

/**
 * Puts pictures side by side, row by row, in cells of one size.
 *
 * A cell has the greatest height and width; smaller pictures are in the middle of theirs (half a
 * pixel up or left if need be).
 *
 * @param pictures - at least one `[h, w, 3]` of values in 0..255, or a batch of them
 * `[n, h, w, 3]`; tensors or `{ data, shape }`
 * @returns picture of RGB in 0..255: an int32 tensor if one of them is a tensor, else
 * `{ data, shape }`
 * @throws TypeError or RangeError if an argument is wrong.
 */
export function grid<T extends Tensor | PlainTensor>(
  pictures: readonly T[] | T,
  options: GridOptions = {},
): PictureLike<T, Tensor3D> {
  return inFunction('grid', () => {
    checkOptions(options, ['columns', 'gap', 'background']);
    const list = Array.isArray(pictures) ? (pictures as readonly T[]) : undefined;
    const cells = list === undefined ? readBatch(pictures as T) : readPictures(list);
    const {
      columns = Math.ceil(Math.sqrt(cells.length)),
      gap = 4,
      background = [255, 255, 255],
    } = options;
    checkPositiveInteger('columns', columns);
    checkGap(gap);
    checkBackground(background);

    const { bytes, height, width } = arrange(cells, columns, gap, background);
    const kind = list === undefined ? (pictures as T) : (list.find(isTensor) ?? list[0]!);
    return readNumbers(kind).wrap(bytes, [height, width, 3]) as PictureLike<T, Tensor3D>;
  });
}

function arrange(
  cells: readonly Cell[],
  columns: number,
  gap: number,
  background: readonly number[],
) {
  const cellHeight = Math.max(...cells.map(({ height }) => height));
  const cellWidth = Math.max(...cells.map(({ width }) => width));
  const height = Math.ceil(cells.length / columns) * (cellHeight + gap) - gap;
  const width = Math.min(columns, cells.length) * (cellWidth + gap) - gap;
  const bytes = new Uint8ClampedArray(height * width * 3).map((_, i) => background[i % 3]!);
  cells.forEach((cell, index) => {
    const [i, j] = [Math.floor(index / columns), index % columns];
    const top = i * (cellHeight + gap) + Math.floor((cellHeight - cell.height) / 2);
    const left = j * (cellWidth + gap) + Math.floor((cellWidth - cell.width) / 2);
    for (let row = 0; row < cell.height; row++) {
      const pixels = cell.bytes.subarray(row * cell.width * 3, (row + 1) * cell.width * 3);
      bytes.set(pixels, ((top + row) * width + left) * 3);
    }
  });
  return { bytes, height, width };
}

function readPictures(pictures: readonly (Tensor | PlainTensor)[]): Cell[] {
  if (pictures.length === 0) throw outOfRange('pictures', 'at least one picture', pictures);
  pictures.forEach((picture, i) => {
    checkPicture(`pictures[${i}]`, picture);
  });
  return pictures.map((picture, i) => {
    const [height, width] = picture.shape;
    return { bytes: bytesOf(`pictures[${i}]`, picture), height: height!, width: width! };
  });
}

function readBatch(pictures: Tensor | PlainTensor): Cell[] {
  const expected = 'an array of RGB pictures [h, w, 3], or a batch of them [n, h, w, 3]';
  if (typeof pictures !== 'object') throw wrongType('pictures', expected, pictures);
  checkNumbers('pictures', pictures);
  const { shape } = pictures;
  if (shape.length !== 4 || shape[3] !== 3 || sizeOf(shape) === 0)
    throw outOfRange('pictures', 'RGB pictures of shape [n, h, w, 3] with no size 0', pictures);
  const [count, height, width] = shape as [number, number, number, 3];
  const bytes = bytesOf('pictures', pictures);
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
