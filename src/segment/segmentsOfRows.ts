/**
 * The segments that a method attributes to.
 *
 * Letters: n images, r rows; row i belongs to image i % n.
 */
import { keep, max, min, mul, sub, tidy, divNoNan } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkPositiveInteger, checkTensor, isTensor, outOfRange, wrongType } from '../checks.js';
import type { Context } from '../method/context.js';
import { cellsOf } from '../perturbation/cells.js';
import { placesOf } from '../perturbation/places.js';
import type { Places } from '../perturbation/places.js';
import { read } from '../run/task.js';
import type { Task } from '../run/task.js';
import { toLab } from './lab.js';
import { renumbered } from './segmentation.js';
import type { Segmentation } from './segmentation.js';
import { slic } from './slic.js';

/**
 * - a number: about how many superpixels of an image; of another input, its features if there are
 *   no more, else blocks of them
 * - a tensor of labels, of the shape of the input's places: [h, w] for an image, [f] for f features
 */
export type Segments = number | Tensor;

export function checkSegments(argument: string, segments: unknown): asserts segments is Segments {
  if (typeof segments === 'number') checkPositiveInteger(argument, segments);
  else if (isTensor(segments)) checkTensor(argument, segments);
  else throw wrongType(argument, 'a number, or a tensor of labels', segments);
}

/** Makes the segments of each of the r rows. */
export function* segmentsOfRows(
  context: Context,
  rows: Tensor,
  segments: Segments,
): Task<Segmentation[]> {
  const count = rows.shape[0]!;
  const places = placesOf(rows);
  const { shape, size } = places;
  if (isTensor(segments)) {
    if (segments.shape.join() !== shape.join()) {
      throw outOfRange('segments', `of shape [${shape.join(', ')}], the input's places`, segments);
    }
    const labels = renumbered(yield* read(segments));
    return Array.from({ length: count }, () => labels);
  }
  if (rows.rank !== 4) {
    const blocks = blocksOf(places, segments);
    return Array.from({ length: count }, () => blocks);
  }
  const [height = 1, width = 1] = shape;
  const images = yield* imagesOfRows(context, rows);
  return images.map((colors) =>
    slic(
      toLab(colors, colors.length / size),
      { height, width },
      { count: segments, compactness: 10 },
    ),
  );
}

/**
 * Reads the rows as images, in 0..255: by the preset, or stretched.
 * @param process is applied before they are read
 */
export function* imagesOfRows(
  { preprocess }: Context,
  rows: Tensor,
  process: (pixels: Tensor) => Tensor = (pixels) => pixels,
): Task<Float32Array[]> {
  const pixels = keep(tidy(() => process(preprocess?.deprocess(rows) ?? stretched(rows))));
  try {
    const values = yield* read(pixels);
    const [count = 1] = rows.shape;
    const size = pixels.size / count;
    return Array.from({ length: count }, (_, row) => values.slice(row * size, (row + 1) * size));
  } finally {
    pixels.dispose();
  }
}

/** Stretches each row to 0..255. */
function stretched(rows: Tensor): Tensor {
  const axes = [...rows.shape.keys()].slice(1);
  const least = min(rows, axes, true);
  return mul(255, divNoNan(sub(rows, least), sub(max(rows, axes, true), least)));
}

/** Cuts axes into blocks of about equal lengths, about `count` in all. */
function blocksOf(places: Places, count: number): Segmentation {
  const side = Math.max(1, (places.size / count) ** (1 / places.shape.length));
  const pieces = places.shape.map((length) => Math.max(1, Math.round(length / side)));
  return renumbered(cellsOf(places, pieces).cellOf);
}
