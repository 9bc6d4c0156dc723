/** The library's gradient of sum(f(x) * dy), at the level of the engine: no model, no class, no score. */
import { inputGradients } from '../../src/gradient/inputGradient.js';
import { RunCache } from '../../src/gradient/runCache.js';
import type { GradientOf } from './judge.js';

export const ours: GradientOf = (f, x, dy) => {
  const cache = new RunCache();
  try {
    return inputGradients(f, x, (record) => [{ tensorId: record.outputId, gradient: dy }], cache)[0]!;
  } finally {
    cache.dispose();
  }
};
