/**
 * Matchers of maps for Jest and Vitest: `expect.extend(saliencyMatchers)`.
 *
 * The two share what a matcher is, so that neither is imported here.
 */
import { checkOptions, isTensor } from '../checks.js';
import { pearson } from '../metric/correlation.js';
import { readMapSync } from '../metric/mapNumbers.js';
import type { MetricMap } from '../metric/mapNumbers.js';
import { pointingGame } from '../metric/pointingGame.js';
import type { PointingOptions } from '../metric/pointingGame.js';
import type { Region } from '../metric/region.js';
import { checkNumbers } from '../plainTensor.js';
import { tensorsLeft } from './tensorsLeft.js';

/** What a matcher returns. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

export interface CloseOptions {
  /** The least correlation. Default: none is asked for. */
  readonly correlation?: number;
  /**
   * The greatest difference, as a fraction of the greatest number of the expected map. Default
   * 1e-5, unless a correlation is given.
   */
  readonly relative?: number;
}

/** The matchers as they are called on `expect(value)`. */
export interface SaliencyMatchers<R = void> {
  /** Expects a map of the same shape and numbers, as near as the options say. */
  toBeCloseToMap(map: MetricMap, options?: CloseOptions): R;
  /** Expects the greatest value of a map [h, w] inside a box, or a mask. */
  toPointAt(region: Region, options?: PointingOptions): R;
  /** Expects a map without NaN or infinity. */
  toBeFinite(): R;
  /** Expects a function that leaves no tensors; for one that returns a promise, await this. */
  toLeaveNoTensors(): R;
}

const round = (value: number): string => String(Number(value.toPrecision(4)));

function toBeCloseToMap(
  received: MetricMap,
  expected: MetricMap,
  options: CloseOptions = {},
): MatcherResult {
  checkOptions(options, ['correlation', 'relative']);
  const { correlation = -1 } = options;
  const { relative = options.correlation === undefined ? 1e-5 : Infinity } = options;
  const [a, b] = [readMapSync('received', received), readMapSync('map', expected)];
  if (a.shape.join() !== b.shape.join()) {
    const message = `expected a map of shape [${b.shape.join(', ')}], got [${a.shape.join(', ')}]`;
    return { pass: false, message: () => message };
  }
  const [numbers, wanted] = [Array.from(a.values), Array.from(b.values)];
  const scale = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const error = numbers.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i]!)), 0);
  const found = options.correlation === undefined ? 1 : pearson(numbers, wanted);
  const pass = (error <= relative * scale || error === 0) && found >= correlation;
  const limits = Object.entries(options).map(([name, limit]) => `${name} ${String(limit)}`);
  const asked = limits.length === 0 ? 'relative 1e-5' : limits.join(', ');
  const actual =
    `the greatest difference is ${round(scale === 0 ? error : error / scale)} of the greatest ` +
    `number, the correlation ${round(pearson(numbers, wanted))}`;
  return {
    pass,
    message: () => `expected ${pass ? 'another map' : 'a map as near'} as ${asked} asks; ${actual}`,
  };
}

function toPointAt(received: MetricMap, region: Region, options?: PointingOptions): MatcherResult {
  const pass = pointingGame(received, region, options);
  const { values, shape } = readMapSync('received', received);
  const all = Array.from(values);
  const width = shape.at(shape.length > 2 && shape.at(-1) === 1 ? -2 : -1)!;
  const place = all.indexOf(all.reduce((most, value) => Math.max(most, value), -Infinity));
  const point = `x ${place % width}, y ${Math.floor(place / width)}`;
  const where = 'width' in region ? JSON.stringify(region) : 'the mask';
  const not = pass ? 'outside' : 'inside';
  return {
    pass,
    message: () => `expected the greatest value ${not} ${where}, it is at ${point}`,
  };
}

function toBeFinite(received: MetricMap): MatcherResult {
  checkNumbers('received', received);
  const values = Array.from(isTensor(received) ? received.dataSync() : received.data);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  const found = wrong < 0 ? 'all are' : `number ${wrong} is ${values[wrong]!}`;
  const wanted = wrong < 0 ? 'a number that is not finite' : 'finite numbers';
  return { pass: wrong < 0, message: () => `expected ${wanted}, ${found}` };
}

function toLeaveNoTensors(received: () => unknown): MatcherResult | Promise<MatcherResult> {
  const resultOf = (count: number): MatcherResult => ({
    pass: count === 0,
    message: () => `expected ${count === 0 ? 'some tensors' : 'no tensor'} left, got ${count}`,
  });
  const left = tensorsLeft(received) as number | Promise<number>;
  return typeof left === 'number' ? resultOf(left) : left.then(resultOf);
}

/**
 * The matchers, for `expect.extend` of Jest and of Vitest.
 *
 * Jest's types know them as soon as this is imported; for Vitest's, add once:
 *
 * @example
 * ```ts
 * import type { SaliencyMatchers } from 'tfjs-saliency/testing';
 *
 * declare module 'vitest' {
 *   interface Matchers<T = any> extends SaliencyMatchers<T> {}
 * }
 * ```
 */
export const saliencyMatchers = { toBeCloseToMap, toPointAt, toBeFinite, toLeaveNoTensors };

declare global {
  // The types of Jest are in a namespace, which exists only where they are installed.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace jest {
    /* eslint-disable @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars --
       as Jest has it */
    interface Matchers<R, T = {}> extends SaliencyMatchers<R> {}
    /* eslint-enable */
  }
}
