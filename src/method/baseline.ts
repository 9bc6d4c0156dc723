/**
 * Baselines: the input that stands for "nothing there", at the other end of a path, or where a mask
 * hides the input.
 *
 * Letters: n images, r rows; row i belongs to image i % n; h x w pixels, c channels; k baselines.
 */
import {
  add,
  dispose,
  expandDims,
  fill,
  keep,
  matMul,
  max,
  mean,
  min,
  mul,
  randomUniform,
  reshape,
  sub,
  tensor,
  tensor2d,
  tidy,
  tile,
  transpose,
  unstack,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTensor, describe, isTensor, outOfRange, wrongType } from '../checks.js';
import { toBeNamed } from '../inFunction.js';
import { option, optional, optionTable } from '../options.js';
import { read } from '../run/task.js';
import type { Task } from '../run/task.js';
import { checkSeed } from '../seed.js';
import { segmentsOfRows } from '../segment/segmentsOfRows.js';
import type { Context } from './context.js';

export const BASELINES = ['black', 'mean', 'blur', 'noise', 'segmentMean'] as const;

/**
 * - a number: every value of the input
 * - an array of numbers: a colour, RGB in 0..255 with a preset, else a value for each channel
 * - a tensor in the model's own scale, of the shape of one input or of the batch; or of several
 *   inputs, [k, ...], of which the mean of the results is taken
 * - `'black'`: a black image, after the preset's preprocessing (needs `preprocess`)
 * - `'mean'`: the mean of each channel of each image
 * - `'blur'`: the image itself, blurred by a Gaussian of a tenth of its longer side
 * - `'noise'`: uniform noise over the range of the preset, or of each image
 * - `'segmentMean'`: the image's superpixels, each in its mean colour
 */
export type Baseline = number | readonly number[] | Tensor | (typeof BASELINES)[number];

export function checkBaseline(argument: string, baseline: unknown): asserts baseline is Baseline {
  const expected = `a number, a colour, a tensor, ${BASELINES.map(describe).join(', ')}`;
  if (typeof baseline === 'number') {
    if (!Number.isFinite(baseline)) throw outOfRange(argument, 'finite', baseline);
  } else if (typeof baseline === 'string') {
    if (!(BASELINES as readonly string[]).includes(baseline))
      throw outOfRange(argument, expected, baseline);
  } else if (isTensor(baseline)) {
    checkTensor(argument, baseline);
  } else if (!Array.isArray(baseline) || !baseline.every(Number.isFinite)) {
    throw wrongType(argument, expected, baseline);
  }
}

/** The options of every method that takes a baseline. */
export const baselineOptions = /* @__PURE__ */ optionTable(() => ({
  /** What stands for "nothing there". Default: `'black'` with a preset, else 0. */
  baseline: option<Baseline | undefined>(optional(checkBaseline), undefined),
  /** Of whatever is random, a whole number from 0 to 2^32 - 1. Default 0. */
  seed: option<number>(checkSeed, 0),
}));

export interface BaselineChoice {
  readonly baseline: Baseline | undefined;
  readonly seed: number;
}

/** Makes the k baselines of the rows, [r, ...] each; the caller owns them. */
export function* baselinesOf(
  context: Context,
  rows: Tensor,
  { baseline, seed }: BaselineChoice,
): Task<Tensor[]> {
  if (baseline === 'segmentMean') return [keep(yield* segmentMeans(context, rows))];
  return tidy(() =>
    isTensor(baseline) && isSeveral(baseline, rows, context)
      ? unstack(baseline).map((one) => keep(baselineOf(one, seed, context, rows)))
      : [keep(baselineOf(baseline, seed, context, rows))],
  );
}

/**
 * Averages what a method makes of each of the k baselines.
 * @param attribute computes m tensors of a baseline [r, ...]
 */
export function* overBaselines(
  context: Context,
  rows: Tensor,
  choice: BaselineChoice,
  attribute: (baseline: Tensor) => Task<Tensor[]>,
): Task<Tensor[]> {
  const baselines = yield* baselinesOf(context, rows, choice);
  let total: Tensor[] = [];
  try {
    for (const baseline of baselines) {
      const before = total;
      const maps = yield* attribute(baseline);
      total = tidy(() =>
        maps.map((map, i) => keep(before[i] === undefined ? add(map, 0) : add(before[i], map))),
      );
      dispose([before, maps]);
    }
    return tidy(() => total.map((sum) => mul(sum, 1 / baselines.length)));
  } finally {
    dispose([baselines, total]);
  }
}

/** Tells whether a tensor is a list of baselines for every image, not one for each image. */
function isSeveral({ shape }: Tensor, rows: Tensor, { images }: Context): boolean {
  return shape.slice(1).join() === rows.shape.slice(1).join() && shape[0] !== images;
}

/** Makes the baseline of each row, [r, ...]. Call it inside a tidy. */
function baselineOf(
  baseline: Exclude<Baseline, 'segmentMean'> | undefined,
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
  if (typeof chosen === 'object') {
    const channels = preprocess === undefined ? rows.shape.at(-1)! : 3;
    if (chosen.length !== channels) {
      throw outOfRange('baseline', `a colour of ${channels} numbers`, chosen);
    }
    const color = tensor([...chosen], [1, 1, channels]);
    if (preprocess === undefined) return add(zerosLike(rows), reshape(color, [channels]));
    const image = tile(color, [...preprocess.inputSize, 1]);
    return add(zerosLike(rows), preprocess.preprocess(image));
  }
  if (chosen === 'blur') return blur(rows);
  if (chosen === 'mean') {
    const hasChannels = rows.rank > 3;
    const axes = [...rows.shape.keys()].slice(1, hasChannels ? -1 : undefined);
    return add(zerosLike(rows), mean(rows, axes, true));
  }
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

/** Returns the least and the greatest values of the rows, by channel of the preset. */
export function rangeOf(
  rows: Tensor,
  range: readonly (readonly [number, number])[] | undefined,
): [Tensor, Tensor] {
  if (range !== undefined)
    return [tensor(range.map(([least]) => least)), tensor(range.map(([, most]) => most))];
  const axes = [...rows.shape.keys()].slice(1);
  return [min(rows, axes, true), max(rows, axes, true)];
}

/** Fills each superpixel of each row with its mean. */
function* segmentMeans(context: Context, rows: Tensor): Task<Tensor> {
  const labels = yield* segmentsOfRows(context, rows, 50);
  const values = (yield* read(rows)).slice();
  const [r = 1] = rows.shape;
  const places = labels[0]!.labels.length;
  const channels = values.length / (r * places);
  labels.forEach(({ labels: ofPlace, count }, row) => {
    const sums = new Float64Array(count * channels);
    const sizes = new Float64Array(count);
    const at = (place: number, c: number): number => (row * places + place) * channels + c;
    ofPlace.forEach((label, place) => {
      sizes[label]! += 1;
      for (let c = 0; c < channels; c++) sums[label * channels + c]! += values[at(place, c)]!;
    });
    ofPlace.forEach((label, place) => {
      for (let c = 0; c < channels; c++)
        values[at(place, c)] = sums[label * channels + c]! / sizes[label]!;
    });
  });
  return tensor(values, rows.shape);
}

/** Blurs with a Gaussian, whose weights are normalised at the border too. */
function blur(rows: Tensor): Tensor {
  if (rows.rank !== 4)
    throw outOfRange('baseline', "other than 'blur' for an input that is no image", 'blur');
  return gaussianBlur(rows, Math.max(...rows.shape.slice(1, 3)) / 10);
}

/** Blurs rows [r, h, w, c] with a Gaussian of deviation `sigma` pixels. */
export function gaussianBlur(rows: Tensor, sigma: number): Tensor {
  const [r = 1, h = 1, w = 1, c = 1] = rows.shape;
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
