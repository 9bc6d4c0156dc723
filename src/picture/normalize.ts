import type { Tensor } from '@tensorflow/tfjs-core';
import { checkChoice, checkOptions, outOfRange, wrongType } from '../checks.js';
import { inFunction } from '../inFunction.js';
import type { MapLike, PlainTensor } from '../plainTensor.js';
import { checkLimits, defaultPercentile, findLimits, scale } from './limits.js';
import type { Limits, NormalizeMode } from './limits.js';
import { readMaps } from './maps.js';

const modes: readonly NormalizeMode[] = ['positive', 'diverging'];

export interface LimitsOptions {
  /**
   * Per cent of the values that lie at or below the upper limit, in (0, 100]; 99 unless given.
   * Between two values it is interpolated as numpy's default `'linear'` does: of n sorted values v,
   * v[(n - 1) * percentile / 100].
   */
  readonly percentile?: number;
  /** `'positive'` unless given. */
  readonly mode?: NormalizeMode;
}

export interface NormalizeOptions extends LimitsOptions {
  /**
   * Whose limits are used: `false` (unless given) each map's own, so that the maps of a batch can't
   * be compared with each other; `true` those of the whole batch; or the limits themselves, for
   * instance {@link limitsOf} another map.
   */
  readonly shared?: boolean | Limits;
}

/**
 * Finds the limits that {@link normalize} uses. With P the percentile of the values, or of their
 * magnitudes if diverging: `[min, P]` or `[-P, P]`. Where P would leave nothing to show (one hot
 * pixel among equal ones), the maximum takes its place.
 *
 * @param map - as {@link normalize} takes it; of a batch the limits of all the maps together
 * @throws TypeError or RangeError if an argument is wrong, or the map holds NaN or infinity.
 */
export function limitsOf(map: Tensor | PlainTensor, options: LimitsOptions = {}): Limits {
  return inFunction('limitsOf', () => {
    checkOptions(options, ['percentile', 'mode']);
    const { percentile, mode } = readLimitsOptions(options);
    return findLimits(readMaps(map).values, percentile, mode);
  });
}

/**
 * Scales a map to the range that can be shown: m becomes `(m - min) / (max - min)`, cut to 0..1,
 * or, diverging, `m / max`, cut to -1..1, where [min, max] are the {@link limitsOf} the map. A map
 * that is constant (diverging: zero) becomes 0.
 *
 * After PAIR saliency's VisualizeImageGrayscale and VisualizeImageDiverging; theirs divide by zero
 * for a constant map, and take the percentile of the signed values if diverging, which for a mostly
 * negative map is next to nothing.
 *
 * @param map - `[h, w]`, `[h, w, 1]`, `[n, h, w]` or `[n, h, w, 1]`, finite; a tensor or
 * `{ data, shape }`. A last axis of 1 is a channel axis.
 * @returns a map of the same shape: a float32 tensor of a tensor, `{ data, shape }` of such
 * @throws TypeError or RangeError if an argument is wrong, or the map holds NaN or infinity.
 */
export function normalize<T extends Tensor | PlainTensor>(
  map: T,
  options: NormalizeOptions = {},
): MapLike<T, T & Tensor> {
  return inFunction('normalize', () => {
    checkOptions(options, ['percentile', 'mode', 'shared']);
    const { percentile, mode } = readLimitsOptions(options);
    const { shared = false } = options;
    if (typeof shared !== 'boolean')
      checkLimits('shared', shared, mode, `mode '${mode}'`, 'true, false or ');

    const maps = readMaps(map);
    const values = new Float32Array(maps.values);
    const limits = shared === true ? findLimits(values, percentile, mode) : shared;
    const size = maps.height * maps.width;
    for (let start = 0; start < values.length; start += size) {
      const one = values.subarray(start, start + size);
      scale(one, limits === false ? findLimits(one, percentile, mode) : limits, mode);
    }
    return maps.wrap(values, maps.shape) as MapLike<T, T & Tensor>;
  });
}

function readLimitsOptions(options: LimitsOptions) {
  const { percentile = defaultPercentile, mode = 'positive' } = options;
  const expected = 'a number in (0, 100]';
  if (typeof percentile !== 'number') throw wrongType('percentile', expected, percentile);
  if (!(percentile > 0 && percentile <= 100)) throw outOfRange('percentile', expected, percentile);
  checkChoice('mode', mode, modes);
  return { percentile, mode };
}
