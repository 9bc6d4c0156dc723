import { cast, dispose, mul, reshape, sum, tensor, where } from '@tensorflow/tfjs-core';
import { checkChoice, checkPositiveInteger, outOfRange, wrongType } from '../checks.js';
import type { AttributionOptions } from '../method/attributionOptions.js';
import { checkBaseline } from '../method/baseline.js';
import type { Baseline } from '../method/baseline.js';
import type { Context } from '../method/context.js';
import { option, optional, optionTable } from '../options.js';
import type { OptionsOf, ValuesOf } from '../options.js';
import { permutation } from '../random/permutation.js';
import { uniformNumbers } from '../random/uniform.js';
import type { Task } from '../run/task.js';
import { checkSeed } from '../seed.js';
import { attributionTensor, changesOfScore } from './changes.js';
import { pearson, spearman } from './correlation.js';
import { defineMetric } from './defineMetric.js';
import type { Measurement, MetricResult, Subject } from './defineMetric.js';
import { placesOf } from './mapNumbers.js';
import type { Places } from './mapNumbers.js';
import { inputAxes, metricBaseline } from './replacement.js';

const CORRELATIONS = { pearson, spearman };
type Correlation = keyof typeof CORRELATIONS;

function checkCorrelation(argument: string, value: unknown): asserts value is Correlation {
  checkChoice(argument, value, Object.keys(CORRELATIONS));
}

function checkSubset(argument: string, subset: unknown): asserts subset is number {
  const expected = 'a number between 0 and 1';
  if (typeof subset !== 'number') throw wrongType(argument, expected, subset);
  if (!(subset > 0 && subset < 1)) throw outOfRange(argument, expected, subset);
}

const muFidelityOptions = /* @__PURE__ */ optionTable(() => ({
  /** How many subsets. Default 200. */
  samples: option<number>(checkPositiveInteger, 200),
  /** Which fraction of the cells a subset has. Default 0.2. */
  subset: option<number>(checkSubset, 0.2),
  /** How many cells an image has along a side; of other inputs each number is one. Default 9. */
  grid: option<number>(checkPositiveInteger, 9),
  /** What a subset is replaced by. Default: `'blur'` for an image, else 0. */
  baseline: option<Baseline | undefined>(optional(checkBaseline), undefined),
  /** `'pearson'`, as in the paper, is the default; or `'spearman'`. */
  correlation: option<Correlation>(checkCorrelation, 'pearson'),
  /** Draws the subsets. Default 0. */
  seed: option<number>(checkSeed, 0),
}));

/**
 * Options of {@link muFidelity}.
 *
 * @interface
 */
export type MuFidelityOptions = OptionsOf<typeof muFidelityOptions> & AttributionOptions;

/**
 * Correlates the map's sum over random subsets of pixels with the fall of the score without them.
 *
 * A higher score tells the better map: 1 at best, 0 also where either of the two does not vary. It
 * suits signed maps in units of the score. Costs samples + 1 forward passes.
 *
 * Source: Bhatt, Weller, Moura: Evaluating and Aggregating Feature-based Model Explanations,
 * https://arxiv.org/abs/2005.00631
 *
 * @function
 */
export const muFidelity = /* @__PURE__ */ defineMetric({
  name: 'muFidelity',
  better: 'higher',
  options: muFidelityOptions,
  takesChannels: true,
  inputs: ({ samples }) => samples + 1,
  measure: measureMuFidelity,
});

function* measureMuFidelity(
  context: Context,
  { map }: Subject,
  options: ValuesOf<typeof muFidelityOptions>,
): Task<Measurement<MetricResult>> {
  const { samples, subset, grid, correlation, seed } = options;
  const places = placesOf(context.input.shape);
  const attribution = attributionTensor(map, context);
  const made = [attribution];
  const cells = cellsOf(places, grid);
  const axes = inputAxes(places);
  try {
    const baseline = yield* metricBaseline(options.baseline, seed, context);
    made.push(baseline);
    const values = yield* changesOfScore(context, samples, (first, size) => {
      const masks = new Float32Array(size * places.count);
      for (let i = 0; i < size; i++) {
        masks.set(subsetMask(cells, subset, uniformNumbers(seed, first + i)), i * places.count);
      }
      const mask = tensor(masks, [size, ...axes.slice(1)]);
      const predicted = sum(reshape(mul(mask, attribution), [size, -1]), 1);
      return { rows: where(cast(mask, 'bool'), baseline, context.input), predicted };
    });
    const resultOf = (found: Float32Array): MetricResult => {
      const halves = [found.subarray(0, samples), found.subarray(samples)] as const;
      const score = CORRELATIONS[correlation](...halves);
      return { score: Number.isNaN(score) ? 0 : score };
    };
    return { values, resultOf };
  } finally {
    dispose(made);
  }
}

interface Cells {
  readonly count: number;
  /** The cell of each place. */
  readonly of: Int32Array;
}

function cellsOf({ shape, count }: Places, grid: number): Cells {
  if (shape.length !== 2) return { count, of: Int32Array.from({ length: count }, (_, i) => i) };
  const [height, width] = shape as [number, number];
  const [rows, columns] = [Math.min(grid, height), Math.min(grid, width)];
  const cell = (place: number): number => {
    const [y, x] = [Math.floor(place / width), place % width];
    return Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
  };
  return { count: rows * columns, of: Int32Array.from({ length: count }, (_, i) => cell(i)) };
}

/** Draws some of the cells: 1 for each place in one of them. */
function subsetMask({ count, of }: Cells, subset: number, uniform: () => number): Float32Array {
  const chosen = Math.min(count - 1, Math.max(1, Math.round(subset * count)));
  const isIn = new Uint8Array(count);
  for (const cell of permutation(count, uniform).subarray(0, chosen)) isIn[cell] = 1;
  return Float32Array.from(of, (cell) => isIn[cell]!);
}
