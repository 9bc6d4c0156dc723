/**
 * The library's gradient of sum(f(x) * dy), at the level of the engine: no model, no class, no
 * score.
 */
import { ones } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { inputGradients } from '../../src/gradient/inputGradient.js';
import { RunCache } from '../../src/gradient/runCache.js';

/** @param dy ones, unless given */
export function ours(f: (x: Tensor) => Tensor, x: Tensor, dy?: Tensor): Tensor {
  const cache = new RunCache();
  try {
    return inputGradients(
      f,
      x,
      ({ outputId, output }) => [{ tensorId: outputId, gradient: dy ?? ones(output.shape) }],
      cache,
    )[0]!;
  } finally {
    cache.dispose();
  }
}
