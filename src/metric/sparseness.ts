import { defineMapMetric } from './defineMapMetric.js';
import type { MapMetric } from './defineMapMetric.js';
import type { MetricMap } from './mapNumbers.js';

/**
 * Measures how few places hold the map: the Gini index of its absolute values.
 *
 * 0 for a map that is the same everywhere, or zero; 1 - 1/n for one place of n. It judges how easy
 * a map is to read, not whether it is right.
 *
 * Source: Chalasani et al., https://arxiv.org/abs/1810.06583
 *
 * @param map of any shape; aggregate channels first
 * @function
 */
export const sparseness: MapMetric<[map: MetricMap], number> = /* @__PURE__ */ defineMapMetric(
  'sparseness',
  ['map'],
  ({ values }) => {
    const sorted = Float64Array.from(values, Math.abs).sort();
    const count = sorted.length;
    const total = sorted.reduce((sum, value) => sum + value, 0);
    const weighted = sorted.reduce((sum, value, i) => sum + (2 * i + 1 - count) * value, 0);
    return total === 0 ? 0 : weighted / (count * total);
  },
);
