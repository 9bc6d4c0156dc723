import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkChoice, checkOptions, outOfRange, wrongType } from '../checks.js';
import { inFunction } from '../inFunction.js';
import { readMap } from './values.js';
import type { Values } from './values.js';

/**
 * `'positive'` shows more and less (0..1), `'diverging'` for and against (-1..1, zero stays zero).
 */
export type NormalizeMode = 'positive' | 'diverging';

const modes: readonly NormalizeMode[] = ['positive', 'diverging'];

/** The least and the greatest value that are told apart; what lies beyond is shown as they are. */
export type Limits = readonly [min: number, max: number];

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
 * The limits that {@link normalize} finds. With P the percentile of the values, or of their
 * magnitudes if diverging: `[min, P]` or `[-P, P]`. Where P would leave nothing to show (one hot
 * pixel among equal ones), the maximum takes its place.
 *
 * @param map - `[h, w]` or `[n, h, w]`: limits of all the maps together
 * @throws TypeError or RangeError if an argument is wrong, or the map holds NaN or infinity.
 */
export function limitsOf(map: Tensor, options: LimitsOptions = {}): Limits {
  return inFunction('limitsOf', () => {
    checkOptions(options, ['percentile', 'mode']);
    const { percentile, mode } = readLimitsOptions(options);
    return findLimits(readMap(map), percentile, mode);
  });
}

/**
 * A map of any scale as one that can be shown: m becomes `(m - min) / (max - min)`, cut to 0..1,
 * or, diverging, `m / max`, cut to -1..1, where [min, max] are the {@link limitsOf} the map. A map
 * that is constant (diverging: zero) becomes 0.
 *
 * After PAIR saliency's VisualizeImageGrayscale and VisualizeImageDiverging; theirs divide by zero
 * for a constant map, and take the percentile of the signed values if diverging, which for a mostly
 * negative map is next to nothing.
 *
 * @param map - `[h, w]` or `[n, h, w]`, finite
 * @returns float32 of the same shape
 * @throws TypeError or RangeError if an argument is wrong, or the map holds NaN or infinity.
 */
export function normalize<T extends Tensor>(map: T, options: NormalizeOptions = {}): T {
  return inFunction('normalize', () => {
    checkOptions(options, ['percentile', 'mode', 'shared']);
    const { percentile, mode } = readLimitsOptions(options);
    const { shared = false } = options;
    if (typeof shared !== 'boolean') checkLimits(shared, mode);

    const values = Float32Array.from(readMap(map));
    const given = shared === true ? findLimits(values, percentile, mode) : shared;
    const size = map.rank === 3 ? values.length / map.shape[0]! : values.length;
    for (let start = 0; start < values.length; start += size) {
      const image = values.subarray(start, start + size);
      const limits = given === false ? findLimits(image, percentile, mode) : given;
      scale(image, limits, mode);
    }
    return tensor(values, map.shape, 'float32') as T;
  });
}

function readLimitsOptions({ percentile = 99, mode = 'positive' }: LimitsOptions) {
  const expected = 'a number in (0, 100]';
  if (typeof percentile !== 'number') throw wrongType('percentile', expected, percentile);
  if (!(percentile > 0 && percentile <= 100)) throw outOfRange('percentile', expected, percentile);
  checkChoice('mode', mode, modes);
  return { percentile, mode };
}

function checkLimits(limits: Limits, mode: NormalizeMode): void {
  const expected = 'true, false or finite limits [min, max] with min <= max';
  const isPair =
    Array.isArray(limits) &&
    limits.length === 2 &&
    limits.every((limit) => typeof limit === 'number');
  if (!isPair) throw wrongType('shared', expected, limits);
  const [min, max] = limits;
  if (!Number.isFinite(min) || !Number.isFinite(max) || min > max) {
    throw outOfRange('shared', expected, limits);
  }
  if (mode === 'diverging' && min !== -max) {
    throw outOfRange('shared', "limits [-max, max] for mode 'diverging'", limits);
  }
}

function findLimits(values: Values, percentile: number, mode: NormalizeMode): Limits {
  const sorted = Float32Array.from(
    values,
    mode === 'diverging' ? Math.abs : (value) => value,
  ).sort();
  const least = mode === 'diverging' ? 0 : sorted[0]!;
  const high = percentileOf(sorted, percentile);
  const greatest = high > least ? high : sorted[sorted.length - 1]!;
  return [mode === 'diverging' ? -greatest : least, greatest];
}

function percentileOf(sorted: Float32Array, percentile: number): number {
  const position = ((sorted.length - 1) * percentile) / 100;
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (position - Math.floor(position)) * (above - below);
}

function scale(values: Float32Array, [min, max]: Limits, mode: NormalizeMode): void {
  const [zero, lowest] = mode === 'diverging' ? [0, -1] : [min, 0];
  const width = max - zero;
  for (let i = 0; i < values.length; i++) {
    values[i] = width === 0 ? 0 : Math.min(1, Math.max(lowest, (values[i]! - zero) / width));
  }
}
