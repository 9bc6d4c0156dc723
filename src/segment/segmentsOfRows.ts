/**
 * The segments that a method attributes to.
 *
 * Letters: n images, r rows; row i belongs to image i % n.
 */
import { keep, max, min, mul, sub, tidy, divNoNan } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkPositiveInteger, checkTensor, isTensor, outOfRange, wrongType } from '../checks.js';
import type { Context } from '../method/context.js';
import { placesOf } from '../perturbation/places.js';
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
  { preprocess }: Context,
  rows: Tensor,
  segments: Segments,
): Task<Segmentation[]> {
  const count = rows.shape[0]!;
  const { shape, size } = placesOf(rows);
  if (isTensor(segments)) {
    if (segments.shape.join() !== shape.join()) {
      throw outOfRange('segments', `of shape [${shape.join(', ')}], the input's places`, segments);
    }
    const labels = renumbered(yield* read(segments));
    return Array.from({ length: count }, () => labels);
  }
  if (rows.rank !== 4) {
    const blocks = blocksOf(shape, segments);
    return Array.from({ length: count }, () => blocks);
  }
  const pixels = keep(tidy(() => preprocess?.deprocess(rows) ?? stretched(rows)));
  try {
    const channels = pixels.size / (count * size);
    const values = yield* read(pixels);
    const [height = 1, width = 1] = shape;
    return Array.from({ length: count }, (_, row) => {
      const ofRow = values.slice(row * size * channels, (row + 1) * size * channels);
      const options = { count: segments, compactness: 10 };
      return slic(toLab(ofRow, channels), { height, width }, options);
    });
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

/** Cuts axes into blocks of equal lengths, about `count` in all. */
function blocksOf(shape: readonly number[], count: number): Segmentation {
  const size = shape.reduce((product, length) => product * length, 1);
  const side = Math.max(1, (size / count) ** (1 / shape.length));
  const pieces = shape.map((length) => Math.max(1, Math.round(length / side)));
  const labels = Array.from({ length: size }, (_, place) => {
    let rest = place;
    let label = 0;
    let unit = 1;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const length = shape[axis]!;
      label += unit * Math.floor(((rest % length) * pieces[axis]!) / length);
      rest = Math.floor(rest / length);
      unit *= pieces[axis]!;
    }
    return label;
  });
  return renumbered(labels);
}
