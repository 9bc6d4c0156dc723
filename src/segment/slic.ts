/**
 * Superpixels by k-means over colour and place.
 *
 * Source: Achanta et al.: SLIC Superpixels, https://doi.org/10.1109/TPAMI.2012.120
 */
import { connected } from './segmentation.js';
import type { Grid, Segmentation } from './segmentation.js';

/** Iterations after which the centres hardly move, as in the article. */
const ITERATIONS = 10;

/**
 * Segments an image of `channels` colours a pixel into about `count` superpixels.
 * @param colors row by row, in units in which a distance of `compactness` counts as much as one of
 * a superpixel's side
 */
export function slic(
  colors: ArrayLike<number>,
  grid: Grid,
  { count, compactness }: { readonly count: number; readonly compactness: number },
): Segmentation {
  const { height, width } = grid;
  const channels = colors.length / (height * width);
  const side = Math.sqrt((height * width) / Math.min(count, height * width));
  const rows = Math.max(1, Math.round(height / side));
  const columns = Math.max(1, Math.round(width / side));
  const size = channels + 2;
  const spatial = (compactness / side) ** 2;
  // Channels, then y and x of the middle of each cell of a grid.
  let centers = new Float64Array(rows * columns * size);
  for (let i = 0; i < rows * columns; i++) {
    const y = ((Math.floor(i / columns) + 0.5) * height) / rows - 0.5;
    const x = (((i % columns) + 0.5) * width) / columns - 0.5;
    const place = Math.round(y) * width + Math.round(x);
    for (let c = 0; c < channels; c++) centers[i * size + c] = colors[place * channels + c]!;
    centers[i * size + channels] = y;
    centers[i * size + channels + 1] = x;
  }
  const labels = new Int32Array(height * width);
  const distances = new Float64Array(height * width);
  // A superpixel is looked for around its centre only, twice its side wide.
  const reach = Math.ceil(Math.max(height / rows, width / columns)) + 1;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    distances.fill(Infinity);
    for (let i = 0; i < rows * columns; i++) {
      const [y, x] = [centers[i * size + channels]!, centers[i * size + channels + 1]!];
      const bottom = Math.min(height - 1, Math.ceil(y + reach));
      const right = Math.min(width - 1, Math.ceil(x + reach));
      for (let row = Math.max(0, Math.floor(y - reach)); row <= bottom; row++) {
        for (let column = Math.max(0, Math.floor(x - reach)); column <= right; column++) {
          const place = row * width + column;
          let distance = spatial * ((row - y) ** 2 + (column - x) ** 2);
          for (let c = 0; c < channels; c++)
            distance += (colors[place * channels + c]! - centers[i * size + c]!) ** 2;
          if (distance < distances[place]!) {
            distances[place] = distance;
            labels[place] = i;
          }
        }
      }
    }
    centers = meansOf(labels, colors, width, channels, centers);
  }
  return connected(labels, grid, (side * side) / 4);
}

/** Computes the mean colour and place of each label; one without places stays where it was. */
function meansOf(
  labels: Int32Array,
  colors: ArrayLike<number>,
  width: number,
  channels: number,
  before: Float64Array<ArrayBuffer>,
): Float64Array<ArrayBuffer> {
  const size = channels + 2;
  const sums = new Float64Array(before.length);
  const sizes = new Float64Array(before.length / size);
  labels.forEach((label, place) => {
    sizes[label]! += 1;
    for (let c = 0; c < channels; c++) sums[label * size + c]! += colors[place * channels + c]!;
    sums[label * size + channels]! += Math.floor(place / width);
    sums[label * size + channels + 1]! += place % width;
  });
  return sums.map((sum, i) => {
    const inLabel = sizes[Math.floor(i / size)]!;
    return inLabel === 0 ? before[i]! : sum / inLabel;
  });
}
