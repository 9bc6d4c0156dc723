/**
 * Samplers that keep some segments of the input and hide the others, and make a number of each
 * segment of the scores.
 *
 * Letters: r rows, m explained classes per image, d segments of a row, s samples.
 */
import type { BaselineChoice } from '../method/baseline.js';
import type { Context } from '../method/context.js';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Task } from '../run/task.js';
import { halfOf } from '../sampling/sampler.js';
import type { Half, Sampler } from '../sampling/sampler.js';
import { segmentsOfRows } from '../segment/segmentsOfRows.js';
import type { Segments } from '../segment/segmentsOfRows.js';
import type { Coalition, Coalitions } from './coalitions.js';
import { MaskedScores } from './maskedScores.js';

/** The samples of one row. */
export interface RowSamples {
  /** d */
  readonly segments: number;
  readonly isEverySubset: boolean;
  readonly coalitions: readonly Coalition[];
  /** The scores of the coalitions, for each class. */
  readonly scores: readonly Float64Array[];
  /** The scores of the whole row and of none of it, for each class. */
  readonly whole: readonly number[];
  readonly empty: readonly number[];
}

export interface SegmentSamplerOptions extends BaselineChoice {
  readonly segments: Segments;
  /** Draws the coalitions of a row of d segments. */
  readonly coalitionsOf: (segments: number) => Coalitions;
  /** Computes a number of each segment, for each class: m arrays of d numbers. */
  readonly attribute: (samples: RowSamples) => readonly Float64Array[];
}

/** Makes the sampler for rows [r, ...]. */
export function* segmentSampler(
  context: Context,
  rows: Tensor,
  options: SegmentSamplerOptions,
): Task<Sampler> {
  const segments = yield* segmentsOfRows(context, rows, options.segments);
  const scores = yield* MaskedScores.open(context, rows, options);
  let sampler: Sampler | undefined;
  try {
    const whole = yield* scores.whole();
    const empty = yield* scores.empty();
    const { places, classes, count: rowCount } = scores;
    const { size } = places;
    const coalitions = segments.map(({ count }) => options.coalitionsOf(count));
    const maps = classes * rowCount;
    const learntSoFar: Float32Array[] = [];
    const ofRow = (values: ArrayLike<number>, row: number, from = 0): number[] =>
      Array.from({ length: classes }, (_, c) => values[from + c * rowCount + row]!);

    const samplesOf = (row: number, half: Half | undefined): RowSamples => {
      const chosen = [...learntSoFar.keys()].filter(
        (sample) =>
          sample < coalitions[row]!.count && (half === undefined || halfOf(sample, 2) === half),
      );
      return {
        segments: segments[row]!.count,
        isEverySubset: coalitions[row]!.isEverySubset,
        coalitions: chosen.map((sample) => coalitions[row]!.of(sample)),
        scores: Array.from({ length: classes }, (_, c) =>
          Float64Array.from(chosen, (sample) => learntSoFar[sample]![c * rowCount + row]!),
        ),
        whole: ofRow(whole, row),
        empty: ofRow(empty, row),
      };
    };

    return (sampler = {
      total: Math.max(1, ...coalitions.map(({ count }) => count)),
      get samplesPerPass() {
        return scores.masksPerPass;
      },
      shape: [classes, rowCount, ...places.mapShape],
      *sample(first, count) {
        const masks = new Float32Array(count * rowCount * size);
        for (let i = 0; i < count; i++) {
          segments.forEach(({ labels }, row) => {
            if (first + i >= coalitions[row]!.count) return;
            const kept = coalitions[row]!.of(first + i);
            const start = (i * rowCount + row) * size;
            for (let place = 0; place < size; place++) masks[start + place] = kept[labels[place]!]!;
          });
        }
        return yield* scores.of(masks, count);
      },
      add(_, count, learnt) {
        for (let i = 0; i < count; i++) learntSoFar.push(learnt.slice(i * maps, (i + 1) * maps));
      },
      map(half?: Half) {
        const map = new Float64Array(maps * size);
        for (let row = 0; row < rowCount; row++) {
          const samples = samplesOf(row, half);
          // Fewer samples than segments determine nothing.
          if (half !== undefined && samples.coalitions.length <= samples.segments) return undefined;
          options.attribute(samples).forEach((values, c) => {
            const start = (c * rowCount + row) * size;
            segments[row]!.labels.forEach((label, place) => {
              map[start + place] = values[label]!;
            });
          });
        }
        return map;
      },
      dispose() {
        scores.dispose();
      },
    });
  } finally {
    if (sampler === undefined) scores.dispose();
  }
}

/** What is fitted by least squares: numbers of each sample, their weights and their targets. */
export interface LeastSquares {
  /** s rows of d numbers */
  readonly rows: readonly ArrayLike<number>[];
  /** s */
  readonly weights: ArrayLike<number>;
  /** s, for each class */
  readonly targets: readonly ArrayLike<number>[];
}

/** Sums the normal equations: A = rows^T W rows, d x d, and for each class rows^T W targets. */
export function normalEquations(
  { rows, weights, targets }: LeastSquares,
  d: number,
): { readonly matrix: Float64Array; readonly sides: readonly Float64Array[] } {
  const matrix = new Float64Array(d * d);
  const sides = targets.map(() => new Float64Array(d));
  rows.forEach((row, s) => {
    const weight = weights[s]!;
    for (let i = 0; i < d; i++) {
      const weighted = weight * row[i]!;
      if (weighted === 0) continue;
      for (let j = 0; j < d; j++) matrix[i * d + j]! += weighted * row[j]!;
      targets.forEach((target, c) => {
        sides[c]![i]! += weighted * target[s]!;
      });
    }
  });
  return { matrix, sides };
}
