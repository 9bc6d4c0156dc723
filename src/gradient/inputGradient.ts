/** The one place that computes a gradient by a model's input; everything else composes it. */
import { tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { engine } from './engine.js';
import { GradientError } from './gradientError.js';
import { record } from './record.js';
import type { Record } from './record.js';
import { rules } from './rules/index.js';
import type { RuleTable } from './rule.js';
import type { RunCache } from './runCache.js';
import { walk } from './walk.js';
import type { Seed } from './walk.js';

/**
 * @param forward a synchronous function of tfjs ops
 * @param input what it is differentiated by
 * @param seeds from the record of the forward pass, the gradient of each wanted score by one
 * recorded tensor; called inside a tidy
 * @returns one gradient per seed, of the input's shape; the caller owns them
 * @throws GradientError if a score does not depend on the input, or an op in between has no
 * gradient
 */
export function inputGradients(
  forward: (input: Tensor) => Tensor,
  input: Tensor,
  seeds: (record: Record) => Seed[],
  cache: RunCache,
  table: RuleTable = rules,
): Tensor[] {
  const recorded = record(forward, input, table);
  try {
    return tidy(() => {
      const starts = seeds(recorded);
      return starts.map((seed, i) => {
        const gradient = walk(recorded, seed, cache, i === starts.length - 1);
        if (gradient === undefined) throw unconnected(recorded);
        return gradient;
      });
    });
  } finally {
    recorded.dispose();
    cache.sweep();
  }
}

function unconnected({ endedBy }: Record): GradientError {
  const why =
    endedBy.size > 0
      ? `every path between them ends in an op without a gradient (${[...endedBy].join(', ')})`
      : 'the model does not use it, or computes outside of tfjs ops (dataSync, a canvas, another library)';
  return new GradientError(
    `the score does not depend on the input on backend '${engine().backendName}': ${why}; ` +
      `return a value that tfjs ops compute from the input`,
  );
}
