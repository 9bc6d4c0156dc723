/**
 * Segments by merging neighbours whose difference is small beside those inside of their segments.
 *
 * Source: Felzenszwalb, Huttenlocher: Efficient Graph-Based Image Segmentation,
 * https://doi.org/10.1023/B:VISI.0000022288.19776.77
 */
import { renumbered } from './segmentation.js';
import type { Grid, Segmentation } from './segmentation.js';

/** The edges between neighbouring pixels, diagonal ones too, the smallest difference first. */
export interface PixelGraph {
  readonly places: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly weights: Float64Array;
}

/** Down and to the right: every pair of neighbours once. */
const STEPS = [
  [0, 1],
  [1, 0],
  [1, 1],
  [1, -1],
] as const;

/** Makes the graph of an image of several colours a pixel. */
export function pixelGraph(colors: ArrayLike<number>, { height, width }: Grid): PixelGraph {
  const channels = colors.length / (height * width);
  const from = new Int32Array(STEPS.length * height * width);
  const to = new Int32Array(from.length);
  const weights = new Float64Array(from.length);
  let count = 0;
  for (let place = 0; place < height * width; place++) {
    const x = place % width;
    for (const [dy, dx] of STEPS) {
      const other = place + dy * width + dx;
      if (other >= height * width || x + dx >= width || x + dx < 0) continue;
      let square = 0;
      for (let c = 0; c < channels; c++)
        square += (colors[place * channels + c]! - colors[other * channels + c]!) ** 2;
      from[count] = place;
      to[count] = other;
      weights[count] = Math.sqrt(square);
      count++;
    }
  }
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  order.sort((a, b) => weights[a]! - weights[b]!);
  const sorted = <T extends Int32Array | Float64Array>(values: T): T =>
    values.slice(0, count).map((_, i) => values[order[i]!]!) as T;
  return { places: height * width, from: sorted(from), to: sorted(to), weights: sorted(weights) };
}

export interface FelzenszwalbOptions {
  /** How much difference a segment of one pixel bears; one of n pixels bears 1 / n of it more. */
  readonly scale: number;
  /** The least size of a segment, in pixels. */
  readonly smallest: number;
}

/** Segments the pixels of a graph. */
export function felzenszwalb(
  { places, from, to, weights }: PixelGraph,
  { scale, smallest }: FelzenszwalbOptions,
): Segmentation {
  const parents = Int32Array.from({ length: places }, (_, i) => i);
  const sizes = new Int32Array(places).fill(1);
  // What the segment of a root bears: its greatest difference inside, and scale / size.
  const bears = new Float64Array(places).fill(scale);
  const rootOf = (place: number): number => {
    let root = place;
    while (parents[root] !== root) root = parents[root] = parents[parents[root]!]!;
    return root;
  };
  const join = (a: number, b: number, weight: number): void => {
    parents[b] = a;
    sizes[a]! += sizes[b]!;
    bears[a] = weight + scale / sizes[a]!;
  };
  weights.forEach((weight, i) => {
    const [a, b] = [rootOf(from[i]!), rootOf(to[i]!)];
    if (a !== b && weight <= bears[a]! && weight <= bears[b]!) join(a, b, weight);
  });
  weights.forEach((weight, i) => {
    const [a, b] = [rootOf(from[i]!), rootOf(to[i]!)];
    if (a !== b && (sizes[a]! < smallest || sizes[b]! < smallest)) join(a, b, weight);
  });
  return renumbered(parents.map((_, place) => rootOf(place)));
}
