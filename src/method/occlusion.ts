import { tensor, tidy, unstack } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkPositiveInteger, outOfRange } from '../checks.js';
import type { AnyModel } from '../model/asyncModel.js';
import { option, optional, optionTable } from '../options.js';
import type { OptionsOf, ValuesOf } from '../options.js';
import { MaskedScores } from '../perturbation/maskedScores.js';
import { placesOf } from '../perturbation/places.js';
import type { Places } from '../perturbation/places.js';
import type { Task } from '../run/task.js';
import type { AttributionOptions } from './attributionOptions.js';
import { baselineOptions } from './baseline.js';
import type { Context } from './context.js';
import { defineMethod } from './defineMethod.js';
import type { Attribution } from './defineMethod.js';

/** The same along every axis, or one for each. */
type Lengths = number | readonly number[];

function checkLengths(argument: string, lengths: unknown): asserts lengths is Lengths {
  if (!Array.isArray(lengths)) checkPositiveInteger(argument, lengths);
  else lengths.forEach((length, i) => checkPositiveInteger(`${argument}[${i}]`, length));
}

const occlusionOptions = /* @__PURE__ */ optionTable(() => ({
  ...baselineOptions,
  /** The window's side, or its height and width. Default: a tenth of the input's shorter side. */
  window: option<Lengths | undefined>(optional(checkLengths), undefined),
  /** How far the window moves. Default: the same. */
  stride: option<Lengths | undefined>(optional(checkLengths), undefined),
}));

/**
 * Options of {@link occlusion}.
 *
 * @interface
 */
export type OcclusionOptions = OptionsOf<typeof occlusionOptions> & AttributionOptions;

/**
 * Shows how far the score falls when a window over each place is hidden.
 *
 * A place's number is the mean, over the windows that cover it, of the score less the score with
 * that window replaced by `baseline`; windows at the right and bottom border are cut off there.
 * `score` is `'output'` by default. It needs no gradient; costs a forward pass for each window.
 * Returns [h, w, 1] for an image, else the input's shape. Arguments and errors are otherwise those
 * of {@link vanillaGradient}; the asynchronous form takes asynchronous models too.
 *
 * Source: Zeiler, Fergus: Visualizing and Understanding Convolutional Networks,
 * https://arxiv.org/abs/1311.2901
 *
 * @function
 */
export const occlusion: Attribution<OcclusionOptions, AnyModel> = /* @__PURE__ */ defineMethod<
  typeof occlusionOptions,
  AnyModel
>({
  name: 'occlusion',
  group: 'blackBox',
  options: occlusionOptions,
  defaults: { score: 'output' },
  inputsPerImage: () => 1 + 10 * 10,
  attribute: occlusionMaps,
});

/** A window: where it begins and ends along each axis. */
type Window = readonly (readonly [begin: number, end: number])[];

function* occlusionMaps(
  context: Context,
  rows: Tensor,
  options: ValuesOf<typeof occlusionOptions>,
): Task<Tensor[]> {
  const places = placesOf(rows);
  const windows = windowsOf(places, options);
  const scores = yield* MaskedScores.open(context, rows, options);
  try {
    context.rowsExpected = context.rowsDone + scores.count + windows.length * scores.inputsPerMask;
    const whole = yield* scores.whole();
    const sums = new Float64Array(whole.length * places.size);
    const covered = new Float64Array(places.size);
    for (let first = 0; first < windows.length;) {
      const chunk = windows.slice(first, first + scores.masksPerPass);
      const hidden = chunk.map((window) => placesIn(window, places));
      const masks = new Float32Array(chunk.length * places.size).fill(1);
      hidden.forEach((inside, i) => {
        for (const place of inside) masks[i * places.size + place] = 0;
      });
      const left = yield* scores.of(masks, chunk.length);
      hidden.forEach((inside, i) => {
        for (const place of inside) {
          covered[place]! += 1;
          for (let map = 0; map < whole.length; map++)
            sums[map * places.size + place]! += whole[map]! - left[i * whole.length + map]!;
        }
      });
      first += chunk.length;
    }
    const means = Float32Array.from(sums, (sum, i) => sum / Math.max(1, covered[i % places.size]!));
    const shape = [scores.classes, scores.count, ...places.mapShape];
    return tidy(() => unstack(tensor(means, shape)));
  } finally {
    scores.dispose();
  }
}

/** Lists the windows of all axes' ranges, which reach the end of each axis. */
function windowsOf(
  { shape }: Places,
  { window, stride }: ValuesOf<typeof occlusionOptions>,
): readonly Window[] {
  const sides = lengthsOf('window', window, shape) ?? usualSides(shape);
  const strides = lengthsOf('stride', stride, shape) ?? sides;
  return shape.reduce<Window[]>(
    (windows, length, axis) => {
      const ranges: (readonly [number, number])[] = [];
      for (let begin = 0, end = 0; end < length; begin += strides[axis]!) {
        if (begin >= length) break;
        end = begin + sides[axis]!;
        ranges.push([begin, Math.min(end, length)]);
      }
      return windows.flatMap((window) => ranges.map((range) => [...window, range]));
    },
    [[]],
  );
}

function usualSides(shape: readonly number[]): readonly number[] {
  const side = Math.max(1, Math.round(Math.min(...shape) / 10));
  return shape.map(() => side);
}

function lengthsOf(
  argument: string,
  lengths: Lengths | undefined,
  { length }: readonly number[],
): readonly number[] | undefined {
  if (typeof lengths === 'number') return Array.from({ length }, () => lengths);
  if (lengths === undefined || lengths.length === length) return lengths;
  throw outOfRange(argument, `a number, or ${length} of them, one for each axis`, lengths);
}

/** Lists the places inside of a window, row by row. */
function placesIn(window: Window, { shape }: Places): readonly number[] {
  return window.reduce<number[]>(
    (found, [begin, end], axis) =>
      found.flatMap((before) =>
        Array.from({ length: end - begin }, (_, i) => before * shape[axis]! + begin + i),
      ),
    [0],
  );
}
