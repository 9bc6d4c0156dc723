/**
 * Baselines: the input that stands for "nothing there" at the other end of integrated gradients'
 * path.
 *
 * Letters: n images, r rows; row i belongs to image i % n; h x w pixels, c channels.
 */
import {
  expandDims,
  fill,
  matMul,
  max,
  min,
  add,
  mul,
  randomUniform,
  reshape,
  sub,
  tensor,
  tensor2d,
  tile,
  transpose,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTensor, describe, isTensor, outOfRange, wrongType } from '../checks.js';
import { toBeNamed } from '../inFunction.js';
import type { Context } from './context.js';

export const BASELINES = ['black', 'blur', 'noise'] as const;

/**
 * - a number: every value of the input
 * - a tensor in the model's own scale, of the shape of one input or of the batch
 * - `'black'`: a black image, after the preset's preprocessing (needs `preprocess`)
 * - `'blur'`: the image itself, blurred by a Gaussian of a tenth of its longer side
 * - `'noise'`: uniform noise over the range of the preset, or of each image
 */
export type Baseline = number | Tensor | (typeof BASELINES)[number];

export function checkBaseline(argument: string, baseline: unknown): asserts baseline is Baseline {
  const expected = `a number, a tensor, ${BASELINES.map(describe).join(', ')}`;
  if (typeof baseline === 'number') {
    if (!Number.isFinite(baseline)) throw outOfRange(argument, 'finite', baseline);
  } else if (typeof baseline === 'string') {
    if (!(BASELINES as readonly string[]).includes(baseline))
      throw outOfRange(argument, expected, baseline);
  } else if (isTensor(baseline)) {
    checkTensor(argument, baseline);
  } else throw wrongType(argument, expected, baseline);
}

/**
 * Makes the baseline of each row [r, ...]. Default: black with a preset, else 0.
 *
 * Call it inside a tidy.
 */
export function baselineOf(
  baseline: Baseline | undefined,
  seed: number,
  { preprocess, images }: Context,
  rows: Tensor,
): Tensor {
  const [r = 1, ...inputShape] = rows.shape;
  const chosen = baseline ?? (preprocess === undefined ? 0 : 'black');
  if (typeof chosen === 'number') return fill(rows.shape, chosen);
  if (isTensor(chosen)) {
    const shape = chosen.shape.join();
    if (shape === inputShape.join()) return add(expandDims(chosen, 0), zerosLike(rows));
    if (shape === [images, ...inputShape].join())
      return tile(chosen, [r / images, ...inputShape.map(() => 1)]);
    throw outOfRange('baseline', `of shape [${inputShape.join(', ')}], the input's`, chosen);
  }
  if (chosen === 'blur') return blur(rows);
  if (chosen === 'noise') {
    const uniform = expandDims(randomUniform(inputShape, 0, 1, 'float32', seed + 1), 0);
    const [least, greatest] = rangeOf(rows, preprocess?.range);
    return add(least, mul(uniform, sub(greatest, least)));
  }
  if (preprocess === undefined) {
    throw toBeNamed(
      new TypeError(
        "baseline 'black' must be given with preprocess; without, give black as a number",
      ),
    );
  }
  // A black image has the least value of the image's range in each channel; the order of the ends
  // is that of the image.
  return add(zerosLike(rows), tensor(preprocess.range.map(([least]) => least)));
}

function rangeOf(
  rows: Tensor,
  range: readonly (readonly [number, number])[] | undefined,
): [Tensor, Tensor] {
  if (range !== undefined)
    return [tensor(range.map(([least]) => least)), tensor(range.map(([, most]) => most))];
  const axes = [...rows.shape.keys()].slice(1);
  return [min(rows, axes, true), max(rows, axes, true)];
}

/** Blurs with a Gaussian, whose weights are normalised at the border too. */
function blur(rows: Tensor): Tensor {
  if (rows.rank !== 4)
    throw outOfRange('baseline', "other than 'blur' for an input that is no image", 'blur');
  const [r = 1, h = 1, w = 1, c = 1] = rows.shape;
  const sigma = Math.max(h, w) / 10;
  const down = reshape(matMul(gaussian(h, sigma), reshape(rows, [r, h, w * c])), [r, h, w, c]);
  const across = matMul(gaussian(w, sigma), reshape(transpose(down, [0, 2, 1, 3]), [r, w, h * c]));
  return transpose(reshape(across, [r, w, h, c]), [0, 2, 1, 3]);
}

function gaussian(size: number, sigma: number): Tensor {
  const weights = Array.from({ length: size }, (_, i) => {
    const row = Array.from({ length: size }, (_, j) =>
      Math.exp(-((i - j) ** 2) / (2 * sigma * sigma)),
    );
    const total = row.reduce((sum, weight) => sum + weight, 0);
    return row.map((weight) => weight / total);
  });
  return expandDims(tensor2d(weights), 0);
}
