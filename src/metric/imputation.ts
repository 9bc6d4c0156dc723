/**
 * Fills missing pixels of an image from those that are left, as ROAD does.
 *
 * Each missing pixel becomes the weighted mean of its neighbours, 1/6 for the four beside it and
 * 1/12 for those at its corners, all missing ones at once: a sparse linear system, solved by
 * conjugate gradients. At the border, the weights are those of the neighbours there are.
 *
 * Letters: h rows, w columns, c channels; an image's numbers are row by row, channels last.
 */

export interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export interface SolverOptions {
  /** Of the residual, relative to the right side's norm. */
  readonly tolerance: number;
  readonly iterations: number;
}

/** Noise of a hundredth of the range is added to the result: more digits would be lost in it. */
const ENOUGH: SolverOptions = { tolerance: 1e-4, iterations: 500 };

/**
 * Imputes the missing pixels.
 * @param image [h w c], not changed
 * @param missing [h w], 1 where a pixel is missing; one has to be left
 * @param start an image whose missing pixels are a first guess, such as those of fewer missing ones
 * @returns [h w c]
 */
export function impute(
  image: ArrayLike<number>,
  missing: ArrayLike<number>,
  size: ImageSize,
  start: ArrayLike<number>,
  solver: SolverOptions = ENOUGH,
): Float32Array<ArrayBuffer> {
  const { channels } = size;
  const system = new MissingPixels(missing, size);
  const result = Float32Array.from(image);
  for (let channel = 0; channel < channels; channel++) {
    const known = (pixel: number): number => image[pixel * channels + channel]!;
    const guess = (pixel: number): number => start[pixel * channels + channel]!;
    system.solve(known, guess, solver).forEach((value, i) => {
      result[system.pixels[i]! * channels + channel] = value;
    });
  }
  return result;
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

  constructor(missing: ArrayLike<number>, { height, width }: ImageSize) {
    const pixels = Array.from(missing).flatMap((isMissing, pixel) => (isMissing ? [pixel] : []));
    const unknownOf = new Int32Array(height * width).fill(-1);
    pixels.forEach((pixel, i) => {
      unknownOf[pixel] = i;
    });
    this.pixels = Int32Array.from(pixels);
    this.unknowns = new Int32Array(8 * pixels.length).fill(-1);
    this.knowns = new Int32Array(8 * pixels.length).fill(-1);
    this.diagonal = new Float64Array(pixels.length);
    pixels.forEach((pixel, i) => {
      const [y, x] = [Math.floor(pixel / width), pixel % width];
      NEIGHBOURS.forEach(([dy, dx, weight], k) => {
        if (y + dy < 0 || y + dy >= height || x + dx < 0 || x + dx >= width) return;
        const neighbour = pixel + dy * width + dx;
        const unknown = unknownOf[neighbour]!;
        this.diagonal[i]! += weight;
        if (unknown >= 0) this.unknowns[8 * i + k] = unknown;
        else this.knowns[8 * i + k] = neighbour;
      });
    });
  }

  /** Solves by conjugate gradients: the matrix is symmetric, and positive where one is known. */
  solve(
    known: (pixel: number) => number,
    guess: (pixel: number) => number,
    { tolerance, iterations }: SolverOptions,
  ): Float64Array {
    const count = this.pixels.length;
    const right = this.rightSide(known);
    const x = Float64Array.from(this.pixels, guess);
    const product = this.times(x, new Float64Array(count));
    const residual = right.map((value, i) => value - product[i]!);
    const direction = residual.slice();
    let squares = dot(residual, residual);
    const enough = tolerance ** 2 * Math.max(dot(right, right), Number.MIN_VALUE);
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

  private rightSide(known: (pixel: number) => number): Float64Array {
    return this.diagonal.map((_, i) =>
      NEIGHBOURS.reduce((sum, [, , weight], k) => {
        const pixel = this.knowns[8 * i + k]!;
        return pixel < 0 ? sum : sum + weight * known(pixel);
      }, 0),
    );
  }

  /** Multiplies the matrix by `x`, into `product`. */
  private times(x: Float64Array, product: Float64Array): Float64Array {
    const { unknowns, diagonal } = this;
    for (let i = 0; i < product.length; i++) {
      let sum = diagonal[i]! * x[i]!;
      for (let k = 0; k < 8; k++) {
        const unknown = unknowns[8 * i + k]!;
        // The first four are the neighbours beside it.
        if (unknown >= 0) sum -= (k < 4 ? BESIDE : CORNER) * x[unknown]!;
      }
      product[i] = sum;
    }
    return product;
  }
}

const BESIDE = 1 / 6;
const CORNER = 1 / 12;

/** Row and column of each neighbour, from the pixel, and its weight. */
const NEIGHBOURS: readonly (readonly [dy: number, dx: number, weight: number])[] = [
  [-1, 0, BESIDE],
  [1, 0, BESIDE],
  [0, -1, BESIDE],
  [0, 1, BESIDE],
  [-1, -1, CORNER],
  [-1, 1, CORNER],
  [1, -1, CORNER],
  [1, 1, CORNER],
];

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
