import type { Tensor } from '@tensorflow/tfjs-core';
import { checkOptions, outOfRange, wrongType } from '../checks.js';
import { inFunction } from '../inFunction.js';
import type { MapLike, NumberList, PlainTensor } from '../plainTensor.js';
import { readMaps } from './maps.js';

export interface BlurOptions {
  /** Standard deviation as a fraction of the map's shorter side, in (0, 1]; 0.02 unless given. */
  readonly sigma?: number;
}

/** The Gaussian is cut off at so many standard deviations, as scipy's. */
const TRUNCATE = 4;

/**
 * Blurs a map with a Gaussian.
 *
 * A person then sees where it is high instead of speckle. As scipy.ndimage.gaussian_filter: rows,
 * then columns; cut off at 4 sigma; a border is a mirror that repeats the outermost value
 * (`d c b a | a b c d | d c b a`). Each map of a batch is blurred alone.
 *
 * @param map - `[h, w]`, `[h, w, 1]`, `[n, h, w]` or `[n, h, w, 1]`, finite; a tensor or
 * `{ data, shape }`. Blur the map itself, before {@link normalize}.
 * @returns a map of the same shape: a float32 tensor of a tensor, `{ data, shape }` of such
 * @throws TypeError or RangeError if an argument is wrong, or the map holds NaN or infinity.
 */
export function blur<T extends Tensor | PlainTensor>(
  map: T,
  options: BlurOptions = {},
): MapLike<T, T & Tensor> {
  return inFunction('blur', () => {
    checkOptions(options, ['sigma']);
    const { sigma = 0.02 } = options;
    const expected = 'a number in (0, 1]';
    if (typeof sigma !== 'number') throw wrongType('sigma', expected, sigma);
    if (!(sigma > 0 && sigma <= 1)) throw outOfRange('sigma', expected, sigma);

    const { values, count, height, width, shape, wrap } = readMaps(map);
    const weights = gaussian(sigma * Math.min(height, width));
    const across = blurLines(values, count * height, { length: width, step: 1 }, weights);
    const result = Float32Array.from(across);
    for (let start = 0; start < result.length; start += height * width) {
      const one = across.subarray(start, start + height * width);
      result.set(blurLines(one, width, { length: height, step: width }, weights), start);
    }
    return wrap(result, shape) as MapLike<T, T & Tensor>;
  });
}

/** Computes the weights of the middle and of one side; all of both sides add up to 1. */
function gaussian(sigma: number): Float64Array {
  const radius = Math.floor(TRUNCATE * sigma + 0.5);
  const weights = Float64Array.from({ length: radius + 1 }, (_, i) =>
    Math.exp(-0.5 * (i / sigma) ** 2),
  );
  const sum = weights.reduce((total, weight) => total + 2 * weight, -weights[0]!);
  return weights.map((weight) => weight / sum);
}

/** Blurs rows (of values `step` 1 apart) or columns (`step` a row apart), one after another. */
function blurLines(
  values: NumberList,
  lines: number,
  { length, step }: { length: number; step: number },
  weights: Float64Array,
): Float64Array {
  const radius = weights.length - 1;
  const result = new Float64Array(lines * length);
  const line = new Float64Array(length + 2 * radius);
  for (let k = 0; k < lines; k++) {
    const start = step === 1 ? k * length : k;
    for (let i = 0; i < line.length; i++)
      line[i] = values[start + step * mirrored(i - radius, length)]!;
    for (let i = 0; i < length; i++) {
      let sum = weights[0]! * line[i + radius]!;
      for (let d = 1; d <= radius; d++)
        sum += weights[d]! * (line[i + radius - d]! + line[i + radius + d]!);
      result[start + step * i] = sum;
    }
  }
  return result;
}

/** Finds the place inside that one outside mirrors; far ones are mirrored several times. */
function mirrored(i: number, length: number): number {
  const period = 2 * length;
  const place = ((i % period) + period) % period;
  return place < length ? place : period - 1 - place;
}
