import { defineMapMetric } from './defineMapMetric.js';
import type { MapMetric } from './defineMapMetric.js';
import type { MetricMap } from './mapNumbers.js';

/**
 * Measures over how many places the map is spread: the entropy of its absolute values, in nats.
 *
 * ln n for a map that is the same at n places, 0 for one place, or a map of zeros. It depends on
 * the number of pixels: compare maps of one size.
 *
 * Source: Bhatt, Weller, Moura, https://arxiv.org/abs/2005.00631
 *
 * @param map of any shape; aggregate channels first
 * @function
 */
export const complexity: MapMetric<[map: MetricMap], number> = /* @__PURE__ */ defineMapMetric(
  'complexity',
  ['map'],
  ({ values }) => {
    const sizes = Float64Array.from(values, Math.abs);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    return sizes.reduce((sum, size) => {
      const part = size / total;
      return part > 0 ? sum - part * Math.log(part) : sum;
    }, 0);
  },
);
