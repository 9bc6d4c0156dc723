import { checkNonNegative, checkOptions } from '../checks.js';
import { defineMapMetric } from './defineMapMetric.js';
import type { MapMetric } from './defineMapMetric.js';
import { sizeOfMap } from './mapNumbers.js';
import type { MetricMap } from './mapNumbers.js';
import { insideOf } from './region.js';
import type { Region } from './region.js';

export interface PointingOptions {
  /** How far outside the region the point may be, in pixels. Default 0; the paper takes 15. */
  readonly tolerance?: number;
}

/**
 * Tells whether the greatest value of the map is inside a region, the object's.
 *
 * Of several greatest values one has to be inside.
 *
 * Source: Zhang et al.: Top-down Neural Attention by Excitation Backprop,
 * https://arxiv.org/abs/1608.00507
 *
 * @param map [h, w] or [h, w, 1]
 * @param region a box { x, y, width, height } in pixels of the map, or a mask of its size
 * @function
 */
export const pointingGame: MapMetric<
  [map: MetricMap, region: Region, options?: PointingOptions],
  boolean
> = /* @__PURE__ */ defineMapMetric(
  'pointingGame',
  ['map', 'region', 'options'],
  (map, region, options = {}) => {
    checkOptions(options, ['tolerance']);
    const { tolerance = 0 } = options as PointingOptions;
    checkNonNegative('tolerance', tolerance);
    const inside = insideOf(region, map);
    const [, w] = sizeOfMap('map', map);
    const values = Array.from(map.values);
    const greatest = values.reduce((most, value) => Math.max(most, value), -Infinity);
    return values.some((value, i) => {
      if (value !== greatest) return false;
      return inside[i] === 1 || (tolerance > 0 && distanceTo(inside, i, w) <= tolerance);
    });
  },
);

/** Measures the distance from a pixel to the nearest one inside. */
function distanceTo(inside: Uint8Array, pixel: number, w: number): number {
  const [y, x] = [Math.floor(pixel / w), pixel % w];
  return inside.reduce((least, isInside, i) => {
    if (isInside === 0) return least;
    return Math.min(least, Math.hypot(Math.floor(i / w) - y, (i % w) - x));
  }, Infinity);
}
