import {
  add,
  concat,
  dispose,
  keep,
  mul,
  norm,
  randomUniform,
  reshape,
  sub,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkNonNegative, checkPositiveInteger } from '../checks.js';
import { option, optional, optionTable } from '../options.js';
import type { OptionsOf, ValuesOf } from '../options.js';
import type { Task } from '../run/task.js';
import { checkSeed, SAMPLES } from '../seed.js';
import { deviationOf } from '../smoothing/noise.js';
import { meanOf } from './correlation.js';
import { defineAttributionMetric } from './defineAttributionMetric.js';
import type { AttributionMetric, AttributionRun } from './defineAttributionMetric.js';
import type { Measurement, MetricResult } from './defineMetric.js';

const sensitivityOptions = /* @__PURE__ */ optionTable(() => ({
  /** How far each number of the input moves at most, as a fraction of the range. Default 0.02. */
  radius: option<number>(checkNonNegative, 0.02),
  /** The same in the model's scale, instead of `radius`. */
  distance: option<number | undefined>(optional(checkNonNegative), undefined),
  /** How many moved inputs. Default 10. */
  samples: option<number>(checkPositiveInteger, 10),
  /** Draws the moves; the method gets it too, if it has such an option. Default 0. */
  seed: option<number>(checkSeed, 0),
}));

/**
 * Options of {@link maxSensitivity}; those of the attribution go beside them.
 *
 * @interface
 */
export type SensitivityOptions = OptionsOf<typeof sensitivityOptions>;

export interface SensitivityResult extends MetricResult {
  /** The greatest relative change among the samples. */
  readonly score: number;
  /** The mean relative change. */
  readonly mean: number;
}

/**
 * Measures how much a map changes with a small change of the input.
 *
 * It is the greatest |map(x + d) - map(x)| / |map(x)|, with d uniform in a box around 0.
 *
 * A lower score tells the steadier method, which need not be the more faithful one: a map that is
 * the same for every input has 0. `'argmax'` is the class predicted for the input as it is. Costs
 * samples + 1 maps.
 *
 * Source: Yeh et al.: On the (In)fidelity and Sensitivity of Explanations,
 * https://arxiv.org/abs/1901.09392
 *
 * @function
 */
export const maxSensitivity: AttributionMetric<SensitivityOptions, SensitivityResult> =
  /* @__PURE__ */ defineAttributionMetric({
    name: 'maxSensitivity',
    better: 'lower',
    options: sensitivityOptions,
    maps: ({ samples }) => samples + 1,
    measure: measureSensitivity,
  });

type Options = ValuesOf<typeof sensitivityOptions>;

function* measureSensitivity({
  context,
  method,
  options,
  methodOptions,
}: AttributionRun<Options>): Task<Measurement<SensitivityResult>> {
  const { radius, distance, samples } = options;
  const { input, preprocess } = context;
  yield* context.resolveArgmax();
  const reach = keep(deviationOf(input, radius, distance, preprocess));
  const norms: Tensor[] = [];
  let map: Tensor | undefined;
  try {
    [map] = yield* method.attribute(context, input, methodOptions);
    keep(map!);
    for (let sample = 0; sample < samples; sample++) {
      const moved = keep(tidy(() => add(input, mul(reach, moves(input.shape, options, sample)))));
      try {
        const [other] = yield* method.attribute(context, moved, methodOptions);
        norms.push(keep(tidy(() => norm(sub(other!, map!)))));
        other!.dispose();
      } finally {
        moved.dispose();
      }
    }
    const values = tidy(() => concat([norm(map!), ...norms].map((value) => reshape(value, [1]))));
    return { values, resultOf };
  } finally {
    dispose([reach, ...norms, ...(map === undefined ? [] : [map])]);
  }
}

/** Uniform in [-1, 1), the same for a seed and a sample. */
function moves([, ...shape]: readonly number[], { seed }: Options, sample: number): Tensor {
  return randomUniform(shape, -1, 1, 'float32', seed * SAMPLES + sample + 1);
}

/** @param norms of the map, and of its change for each sample */
function resultOf([whole = 0, ...changes]: Float32Array): SensitivityResult {
  // A map of zeros has no relative change; captum takes the change itself.
  const relative = changes.map((change) => change / (whole === 0 ? 1 : whole));
  return { score: Math.max(...relative), mean: meanOf(relative) };
}
