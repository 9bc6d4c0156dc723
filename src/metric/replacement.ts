/**
 * The score of an input whose places are replaced by another input's, in the order of a map.
 *
 * Letters: [...] the shape of one input, r rows of a batch.
 */
import { concat, dispose, keep, less, reshape, tensor1d, tidy, where } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkBoolean, checkChoice, checkPositiveInteger, outOfRange } from '../checks.js';
import { baselinesOf, checkBaseline } from '../method/baseline.js';
import type { Baseline } from '../method/baseline.js';
import type { Context } from '../method/context.js';
import { option, optional, optionTable } from '../options.js';
import type { ValuesOf } from '../options.js';
import type { Task } from '../run/task.js';
import { checkSeed } from '../seed.js';
import type { Measurement, MetricResult, Subject } from './defineMetric.js';
import { placesOf, placeValues } from './mapNumbers.js';
import type { Places } from './mapNumbers.js';
import { ORDERS, rankPlaces } from './ranking.js';
import type { Order } from './ranking.js';

export function checkOrder(argument: string, order: unknown): asserts order is Order {
  checkChoice(argument, order, ORDERS);
}

export const replacementOptions = /* @__PURE__ */ optionTable(() => ({
  /** In how many steps the places are replaced, those of a step together. Default 32. */
  steps: option<number>(checkPositiveInteger, 32),
  /** What stands for "nothing there". Default: `'blur'` for an image, else 0. */
  baseline: option<Baseline | undefined>(optional(checkBaseline), undefined),
  /** `'morf'`, the most relevant places first, is the default; or `'lerf'`, the least relevant. */
  order: option<Order>(checkOrder, 'morf'),
  /** Whether the curve runs from 1 for the input to 0 for the baseline. Default false. */
  normalized: option<boolean>(checkBoolean, false),
  /** Orders equal values, and draws the baseline `'noise'`. Default 0. */
  seed: option<number>(checkSeed, 0),
}));

export type ReplacementOptions = ValuesOf<typeof replacementOptions>;

/** A point of a curve. */
export interface CurvePoint {
  /** The fraction of the places that have been replaced, 0 to 1. */
  readonly fraction: number;
  /** The score with them replaced. */
  readonly value: number;
}

export interface CurveResult extends MetricResult {
  /** The area under the curve, by the trapezoid rule. */
  readonly score: number;
  readonly curve: readonly CurvePoint[];
}

/**
 * Makes the baseline of an input [1, ...], the caller's to free.
 * @throws RangeError for several baselines
 */
export function* metricBaseline(
  baseline: Baseline | undefined,
  seed: number,
  context: Context,
): Task<Tensor> {
  const chosen = baseline ?? (context.input.rank === 4 ? 'blur' : undefined);
  const baselines = yield* baselinesOf(context, context.input, { baseline: chosen, seed });
  if (baselines.length === 1) return baselines[0]!;
  dispose(baselines);
  throw outOfRange('baseline', 'one baseline, not several', baseline);
}

/** Measures the curve from the input to the baseline, or the other way round. */
export function* replacementCurve(
  context: Context,
  { map }: Subject,
  options: ReplacementOptions,
  isInsertion: boolean,
): Task<Measurement<CurveResult>> {
  const { baseline, seed, order, steps, normalized } = options;
  const places = placesOf(context.input.shape);
  const ranks = rankPlaces(placeValues(map, places), order, seed);
  const counts = stepCounts(places.count, steps);
  const other = yield* metricBaseline(baseline, seed, context);
  try {
    const [from, to] = isInsertion ? [other, context.input] : [context.input, other];
    const values = yield* scoresAlong(context, { from, to, ranks, counts, places });
    const resultOf = (scores: Float32Array): CurveResult => {
      const [input, end] = isInsertion
        ? [scores.at(-1)!, scores[0]!]
        : [scores[0]!, scores.at(-1)!];
      const curve = counts.map((count, i) => ({
        fraction: count / places.count,
        value: normalized ? (scores[i]! - end) / (input - end) : scores[i]!,
      }));
      return { score: areaUnder(curve), curve };
    };
    return { values, resultOf };
  } finally {
    other.dispose();
  }
}

/** Counts the places replaced before the first and after each step; no step is empty. */
function stepCounts(places: number, steps: number): number[] {
  const used = Math.min(steps, places);
  return Array.from({ length: used + 1 }, (_, step) => Math.round((step * places) / used));
}

/** Integrates a curve by the trapezoid rule. */
export function areaUnder(curve: readonly CurvePoint[]): number {
  return curve.slice(1).reduce((area, { fraction, value }, i) => {
    const before = curve[i]!;
    return area + ((fraction - before.fraction) * (value + before.value)) / 2;
  }, 0);
}

interface Replacement {
  /** [1, ...] */
  readonly from: Tensor;
  /** [1, ...] */
  readonly to: Tensor;
  readonly ranks: Float32Array;
  readonly counts: readonly number[];
  readonly places: Places;
}

/** Computes the score after each count, in chunks that fit into one pass: [counts]. */
function* scoresAlong(context: Context, replacement: Replacement): Task<Tensor> {
  const { ranks, counts, places } = replacement;
  const rank = keep(tidy(() => reshape(tensor1d(ranks), inputAxes(places))));
  try {
    return yield* scoresInChunks(context, counts.length, (first, size) =>
      replacedRows(replacement, rank, counts.slice(first, first + size)),
    );
  } finally {
    rank.dispose();
  }
}

/** The shape of one number a place that broadcasts over inputs [r, ...]. */
export function inputAxes({ shape }: Places): number[] {
  return shape.length === 2 ? [1, ...shape, 1] : [1, ...shape];
}

function replacedRows({ from, to }: Replacement, rank: Tensor, counts: readonly number[]): Tensor {
  const perRow = reshape(tensor1d([...counts]), [-1, ...rank.shape.slice(1).map(() => 1)]);
  return where(less(rank, perRow), to, from);
}

/**
 * Computes the scores of many rows that are made as they are needed: [count].
 * @param rowsOf makes rows `first` to `first + size - 1`, inside a tidy
 */
export function* scoresInChunks(
  context: Context,
  count: number,
  rowsOf: (first: number, size: number) => Tensor,
): Task<Tensor> {
  const found: Tensor[] = [];
  try {
    for (let first = 0; first < count;) {
      const size = Math.min(context.rowsPerPass, count - first);
      const begin = first;
      const rows = keep(tidy(() => rowsOf(begin, size)));
      try {
        const [scores] = yield* context.values(rows);
        found.push(keep(scores!));
      } finally {
        rows.dispose();
      }
      first += size;
    }
    return tidy(() => concat(found));
  } finally {
    dispose(found);
  }
}
