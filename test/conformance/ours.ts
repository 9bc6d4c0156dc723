/**
 * The library's gradient of sum(f(x) * dy), at the level of the engine: no model, no class, no
 * score.
 */
import { ones, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { inputGradients } from '../../src/gradient/inputGradient.js';
import { recordForward } from '../../src/gradient/recordForward.js';
import { RunCache } from '../../src/gradient/runCache.js';
import { rules } from '../../src/gradient/rules/index.js';

/** @param dy ones, unless given */
export function ours(f: (x: Tensor) => Tensor, x: Tensor, dy?: Tensor): Tensor {
  const cache = new RunCache();
  const tape = recordForward(f, x, { rules });
  try {
    const gradient = (): Tensor => dy ?? ones(tape.output.shape);
    return tidy(
      () => inputGradients(tape, [{ tensorId: tape.outputId, gradient: gradient() }], cache)[0]!,
    );
  } finally {
    tape.dispose();
    cache.dispose();
  }
}
