/** Finds the limits between which the values of a map are told apart, and scales it to them. */
import { outOfRange, wrongType } from '../checks.js';

/**
 * `'positive'` shows more and less (0..1), `'diverging'` for and against (-1..1, zero stays zero).
 */
export type NormalizeMode = 'positive' | 'diverging';

/** The least and the greatest value that are told apart; what lies beyond is shown as they are. */
export type Limits = readonly [min: number, max: number];

export const defaultPercentile = 99;

/** Finds the limits [min, P] or, diverging, [-P, P], with P the percentile (of magnitudes). */
export function findLimits(
  values: ArrayLike<number>,
  percentile: number,
  mode: NormalizeMode,
): Limits {
  const sorted = new Float32Array(values);
  if (mode === 'diverging')
    for (let i = 0; i < sorted.length; i++) sorted[i] = Math.abs(sorted[i]!);
  sorted.sort();
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

/** Scales the values in place: to 0..1 or, diverging, -1..1. */
export function scale(values: Float32Array, [min, max]: Limits, mode: NormalizeMode): void {
  const [zero, lowest] = mode === 'diverging' ? [0, -1] : [min, 0];
  const width = max - zero;
  for (let i = 0; i < values.length; i++) {
    values[i] = width === 0 ? 0 : Math.min(1, Math.max(lowest, (values[i]! - zero) / width));
  }
}

/**
 * @param shownBy - what asks for a range about zero, if `mode` is diverging
 * @param others - what else the argument may be
 */
export function checkLimits(
  argument: string,
  limits: Limits,
  mode: NormalizeMode,
  shownBy: string,
  others = '',
): void {
  const expected = `${others}finite limits [min, max] with min <= max`;
  const isPair =
    Array.isArray(limits) &&
    limits.length === 2 &&
    limits.every((limit) => typeof limit === 'number');
  if (!isPair) throw wrongType(argument, expected, limits);
  const [min, max] = limits;
  if (!Number.isFinite(min) || !Number.isFinite(max) || min > max)
    throw outOfRange(argument, expected, limits);
  if (mode === 'diverging' && min !== -max)
    throw outOfRange(argument, `limits [-max, max] for ${shownBy}`, limits);
}
