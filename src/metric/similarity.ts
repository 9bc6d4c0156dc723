import { checkChoice, outOfRange } from '../checks.js';
import { pearson, spearman } from './correlation.js';
import { defineMapMetric } from './defineMapMetric.js';
import type { MapMetric } from './defineMapMetric.js';
import { sizeOfMap } from './mapNumbers.js';
import type { MapNumbers, MetricMap } from './mapNumbers.js';
import { ssim } from './ssim.js';

export const SIMILARITIES = ['spearman', 'pearson', 'ssim'] as const;

/**
 * - `'spearman'`: the correlation of the ranks; equal values get the mean of theirs
 * - `'pearson'`: the correlation
 * - `'ssim'`: the structural similarity of the two, each scaled to 0..1 first; for maps [h, w]
 */
export type Similarity = (typeof SIMILARITIES)[number];

export function checkSimilarity(argument: string, kind: unknown): asserts kind is Similarity {
  checkChoice(argument, kind, SIMILARITIES);
}

/**
 * Compares two maps of one size: 1 for the same, 0 for unrelated ones, down to -1.
 *
 * A map that is the same everywhere is like none but another such one: 0, or 1 for two of them.
 *
 * @param a a map; for `'ssim'` [h, w] or [h, w, 1]
 * @param b as a
 * @param kind default `'spearman'`
 * @function
 */
export const similarity: MapMetric<[a: MetricMap, b: MetricMap, kind?: Similarity], number> =
  /* @__PURE__ */ defineMapMetric('similarity', ['a', 'b', 'kind'], (a, b, kind = 'spearman') => {
    checkSimilarity('kind', kind);
    return similarityOf(a, b, kind);
  });

/** Compares the numbers of two maps. */
export function similarityOf(a: MapNumbers, b: MapNumbers, kind: Similarity): number {
  if (a.shape.join() !== b.shape.join()) {
    throw outOfRange('b', `of a's shape, [${a.shape.join(', ')}]`, { shape: [...b.shape] });
  }
  const [u, v] = [Float64Array.from(a.values), Float64Array.from(b.values)];
  if (kind === 'ssim') {
    const [h, w] = sizeOfMap('a', a);
    return ssim(toUnit(u), toUnit(v), h, w);
  }
  const isFlat = (values: Float64Array) => values.every((value) => value === values[0]);
  if (isFlat(u) || isFlat(v)) return Number(isFlat(u) && isFlat(v));
  return kind === 'pearson' ? pearson(u, v) : spearman(u, v);
}

/** Scales numbers to 0..1; 0 where they are all the same. */
function toUnit(values: Float64Array): Float64Array {
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const greatest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const width = greatest - least;
  return values.map((value) => (width === 0 ? 0 : (value - least) / width));
}
