/**
 * Samplers whose map is the mean of the samples' maps.
 *
 * Letters: r rows, m explained classes per image, s samples.
 */
import { dispose, keep, reshape, stack, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Context } from '../method/context.js';
import { read } from '../run/task.js';
import type { Task } from '../run/task.js';
import { halfOf } from './sampler.js';
import type { Half, Sampler } from './sampler.js';

export interface MeanSamplerOptions {
  readonly samples: number;
  /** Computes the maps of samples: m tensors [s r, ...], sample by sample, of the rows' shape. */
  readonly mapsOf: (first: number, count: number) => Task<Tensor[]>;
  dispose(): void;
}

/** Makes the sampler for rows [r, ...]. */
export function meanSampler(
  context: Context,
  rows: Tensor,
  { samples, mapsOf, dispose: free }: MeanSamplerOptions,
): Sampler {
  const [rowCount = 1, ...inputShape] = rows.shape;
  const { classes } = context;
  const size = classes * rows.size;
  const sums = [0, 1].map(() => new Float64Array(size));
  const counts = [0, 0];
  return {
    total: samples,
    get samplesPerPass() {
      return Math.max(1, Math.floor(context.rowsPerPass / rowCount));
    },
    shape: [classes, rowCount, ...inputShape],
    *sample(first, count) {
      const maps = yield* mapsOf(first, count);
      const perSample = keep(
        tidy(() =>
          stack(
            maps.map((map) => reshape(map, [count, rowCount, ...inputShape])),
            1,
          ),
        ),
      );
      dispose(maps);
      try {
        return (yield* read(perSample)).slice();
      } finally {
        perSample.dispose();
      }
    },
    add(first, count, learnt) {
      for (let i = 0; i < count; i++) {
        const half = halfOf(first + i);
        const sum = sums[half]!;
        for (let at = 0; at < size; at++) sum[at]! += learnt[i * size + at]!;
        counts[half]! += 1;
      }
    },
    map(half?: Half) {
      const [even, odd] = sums as [Float64Array, Float64Array];
      if (half === undefined) {
        const count = counts[0]! + counts[1]!;
        return even.map((sum, i) => (sum + odd[i]!) / count);
      }
      const count = counts[half]!;
      return count === 0 ? undefined : sums[half]!.map((sum) => sum / count);
    },
    dispose: free,
  };
}
