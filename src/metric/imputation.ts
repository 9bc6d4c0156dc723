/**
 * Fills missing pixels of an image from those that are left, as ROAD does.
 *
 * Each missing pixel becomes the weighted mean of its neighbours, 1/6 for the four beside it and
 * 1/12 for those at its corners, all missing ones at once: a sparse linear system, solved by
 * conjugate gradients. At the border, the weights are those of the neighbours there are.
 *
 * Letters: h rows, w columns, c channels; an image's numbers are row by row, channels last.
 */
import { fillFromCoarser } from './pyramid.js';

export interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export interface SolverOptions {
  /** Of the residual's root mean square, as a fraction of the image's range. */
  readonly tolerance: number;
  readonly iterations: number;
}

/** Noise of a hundredth of the range is added to the result: more digits would be lost in it. */
const ENOUGH: SolverOptions = { tolerance: 1e-5, iterations: 500 };

/**
 * Imputes the missing pixels.
 * @param image [h w c], not changed
 * @param missing [h w], 1 where a pixel is missing; one has to be left
 * @returns [h w c]
 */
export function impute(
  image: ArrayLike<number>,
  missing: Uint8Array,
  size: ImageSize,
  { tolerance, iterations }: SolverOptions = ENOUGH,
): Float32Array<ArrayBuffer> {
  const { channels, height, width } = size;
  const system = new MissingPixels(missing, size);
  const known = missing.map((isMissing) => 1 - isMissing);
  const result = Float32Array.from(image);
  const range = rangeOf(result);
  const solver = { tolerance: tolerance * (range === 0 ? 1 : range), iterations };
  for (let channel = 0; channel < channels; channel++) {
    const values = Float64Array.from(missing, (_, pixel) => image[pixel * channels + channel]!);
    const guess = fillFromCoarser({ values, known, height, width });
    system.solve(values, guess, solver).forEach((value, i) => {
      result[system.pixels[i]! * channels + channel] = value;
    });
  }
  return result;
}

/** Computes the greatest number less the least. */
export function rangeOf(values: Float32Array): number {
  let [least, greatest] = [Infinity, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  return greatest - least;
}

/** The system sum_j w_ij (x_i - x_j) = 0 over the neighbours j of each missing pixel i. */
class MissingPixels {
  /** The missing pixels, the unknowns. */
  readonly pixels: Int32Array;
  /** Eight for each unknown: the neighbour's unknown, or -1. */
  private readonly unknowns: Int32Array;
  /** Eight for each unknown: the neighbour's pixel if its value is known, or -1. */
  private readonly knowns: Int32Array;
  /** The sum of the weights of each unknown's neighbours. */
  private readonly diagonal: Float64Array;

  constructor(missing: Uint8Array, { height, width }: ImageSize) {
    const unknownOf = new Int32Array(height * width).fill(-1);
    let count = 0;
    missing.forEach((isMissing, pixel) => {
      if (isMissing === 1) unknownOf[pixel] = count++;
    });
    this.pixels = new Int32Array(count);
    this.unknowns = new Int32Array(8 * count).fill(-1);
    this.knowns = new Int32Array(8 * count).fill(-1);
    this.diagonal = new Float64Array(count);
    for (let pixel = 0; pixel < missing.length; pixel++) {
      const i = unknownOf[pixel]!;
      if (i < 0) continue;
      this.pixels[i] = pixel;
      const [y, x] = [Math.floor(pixel / width), pixel % width];
      for (let k = 0; k < 8; k++) {
        const [row, column] = [y + DOWN[k]!, x + ACROSS[k]!];
        if (row < 0 || row >= height || column < 0 || column >= width) continue;
        const neighbour = row * width + column;
        this.diagonal[i]! += weightOf(k);
        if (unknownOf[neighbour]! >= 0) this.unknowns[8 * i + k] = unknownOf[neighbour]!;
        else this.knowns[8 * i + k] = neighbour;
      }
    }
  }

  /** Solves by conjugate gradients: the matrix is symmetric, and positive where one is known. */
  solve(
    known: Float64Array,
    guess: Float64Array,
    { tolerance, iterations }: SolverOptions,
  ): Float64Array {
    const count = this.pixels.length;
    const right = this.rightSide(known);
    const x = Float64Array.from(this.pixels, (pixel) => guess[pixel]!);
    const product = this.times(x, new Float64Array(count));
    const residual = right.map((value, i) => value - product[i]!);
    const direction = residual.slice();
    let squares = dot(residual, residual);
    const enough = tolerance ** 2 * count;
    for (let i = 0; i < iterations && squares > enough; i++) {
      const along = squares / dot(direction, this.times(direction, product));
      for (let j = 0; j < count; j++) {
        x[j]! += along * direction[j]!;
        residual[j]! -= along * product[j]!;
      }
      const before = squares;
      squares = dot(residual, residual);
      const keep = squares / before;
      for (let j = 0; j < count; j++) direction[j] = residual[j]! + keep * direction[j]!;
    }
    return x;
  }

  private rightSide(known: Float64Array): Float64Array {
    const right = new Float64Array(this.pixels.length);
    for (let i = 0; i < right.length; i++) {
      for (let k = 0; k < 8; k++) {
        const pixel = this.knowns[8 * i + k]!;
        if (pixel >= 0) right[i]! += weightOf(k) * known[pixel]!;
      }
    }
    return right;
  }

  /** Multiplies the matrix by `x`, into `product`. */
  private times(x: Float64Array, product: Float64Array): Float64Array {
    const { unknowns, diagonal } = this;
    for (let i = 0; i < product.length; i++) {
      let sum = diagonal[i]! * x[i]!;
      for (let k = 0; k < 8; k++) {
        const unknown = unknowns[8 * i + k]!;
        if (unknown >= 0) sum -= weightOf(k) * x[unknown]!;
      }
      product[i] = sum;
    }
    return product;
  }
}

/** Rows and columns from a pixel to its neighbours: four beside it, four at its corners. */
const DOWN = [-1, 1, 0, 0, -1, -1, 1, 1] as const;
const ACROSS = [0, 0, -1, 1, -1, 1, -1, 1] as const;

const weightOf = (neighbour: number): number => (neighbour < 4 ? 1 / 6 : 1 / 12);

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
