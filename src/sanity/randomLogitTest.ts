import { concat, dispose, reshape, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkPositiveInteger, outOfRange } from '../checks.js';
import { meanOf } from '../metric/correlation.js';
import { defineAttributionMetric } from '../metric/defineAttributionMetric.js';
import type { AttributionMetric, AttributionRun } from '../metric/defineAttributionMetric.js';
import type { Measurement, MetricResult } from '../metric/defineMetric.js';
import { similarityOf } from '../metric/similarity.js';
import { option, optionTable } from '../options.js';
import type { OptionsOf, ValuesOf } from '../options.js';
import { permutation } from '../random/permutation.js';
import { uniformNumbers } from '../random/uniform.js';
import type { Task } from '../run/task.js';
import { comparedMap, comparisonOptions } from './comparedMaps.js';

const logitOptions = /* @__PURE__ */ optionTable(() => ({
  ...comparisonOptions,
  /** How many other classes are drawn. Default 1. */
  count: option<number>(checkPositiveInteger, 1),
}));

/**
 * Options of {@link randomLogitTest}; those of the attribution go beside them.
 *
 * @interface
 */
export type RandomLogitOptions = OptionsOf<typeof logitOptions>;

export interface RandomLogitResult extends MetricResult {
  /** The mean of the similarities. */
  readonly score: number;
  readonly classes: readonly {
    readonly classIndex: number;
    /** Of the class's map with that of the explained one. */
    readonly similarity: number;
  }[];
}

/**
 * Compares the map of a class with those of other classes, drawn at random.
 *
 * A map that is the same for every class (similarity near 1) does not explain the class. Costs 1 +
 * count maps.
 *
 * Source: Sixt, Granz, Landgraf: When Explanations Lie, https://arxiv.org/abs/1912.09818
 *
 * @function
 */
export const randomLogitTest: AttributionMetric<RandomLogitOptions, RandomLogitResult> =
  /* @__PURE__ */ defineAttributionMetric({
    name: 'randomLogitTest',
    better: 'lower',
    options: logitOptions,
    maps: ({ count }) => 1 + count,
    measure: measureOtherClasses,
  });

function* measureOtherClasses({
  context,
  method,
  options,
  methodOptions,
  reopen,
}: AttributionRun<ValuesOf<typeof logitOptions>>): Task<Measurement<RandomLogitResult>> {
  const { similarity, aggregate, seed, count } = options;
  yield* context.resolveArgmax();
  const explained = [context.resolvedClassIndex()].flat()[0];
  const outputs = yield* context.outputs(context.input);
  const classCount = outputs.shape[1]!;
  outputs.dispose();
  if (typeof explained !== 'number' || classCount < 2) {
    throw outOfRange('classIndex', 'one class of several', context.classIndex);
  }
  const others = [...permutation(classCount, uniformNumbers(seed))]
    .filter((index) => index !== explained)
    .slice(0, count);
  const maps: Tensor[] = [];
  try {
    for (const index of [explained, ...others]) {
      yield; // each context begins anew, without a pause before its first pass
      const other = reopen(context.model, index);
      try {
        const [map] = yield* method.attribute(other, other.input, methodOptions);
        maps.push(comparedMap(map!, aggregate));
        map!.dispose();
      } finally {
        context.rowsDone += other.rowsDone;
        other.dispose();
      }
    }
    const { shape, size } = maps[0]!;
    const values = tidy(() => concat(maps.map((map) => reshape(map, [-1]))));
    const resultOf = (numbers: Float32Array): RandomLogitResult => {
      const mapAt = (i: number) => ({ values: numbers.subarray(i * size, (i + 1) * size), shape });
      const classes = others.map((classIndex, i) => ({
        classIndex,
        similarity: similarityOf(mapAt(0), mapAt(i + 1), similarity),
      }));
      return { score: meanOf(classes.map((other) => other.similarity)), classes };
    };
    return { values, resultOf };
  } finally {
    dispose(maps);
  }
}
