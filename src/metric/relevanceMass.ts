import { defineMapMetric } from './defineMapMetric.js';
import type { MapMetric } from './defineMapMetric.js';
import type { MetricMap } from './mapNumbers.js';
import { insideOf } from './region.js';
import type { Region } from './region.js';

/**
 * Measures which part of the map's positive values is inside a region, the object's: 0 to 1.
 *
 * 0 for a map without positive values.
 *
 * Source: Arras, Osman, Samek: CLEVR-XAI, https://arxiv.org/abs/2003.07258
 *
 * @param map [h, w] or [h, w, 1]
 * @param region a box { x, y, width, height } in pixels of the map, or a mask of its size
 * @function
 */
export const relevanceMass: MapMetric<[map: MetricMap, region: Region], number> =
  /* @__PURE__ */ defineMapMetric('relevanceMass', ['map', 'region'], (map, region) => {
    const isInside = insideOf(region, map);
    let [inside, total] = [0, 0];
    Array.from(map.values).forEach((value, i) => {
      const positive = Math.max(0, value);
      total += positive;
      if (isInside[i] === 1) inside += positive;
    });
    return total === 0 ? 0 : inside / total;
  });
