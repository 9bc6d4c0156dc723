import { concat, dispose, keep, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkPositiveInteger, outOfRange, wrongType } from '../checks.js';
import { option, optionTable } from '../options.js';
import type { OptionsOf, ValuesOf } from '../options.js';
import { read } from '../run/task.js';
import type { Task } from '../run/task.js';
import type { AttributionOptions } from './attributionOptions.js';
import { baselineOptions, overBaselines } from './baseline.js';
import type { Context } from './context.js';
import { defineMethod } from './defineMethod.js';
import type { Attribution } from './defineMethod.js';
import { GuidedPath } from './path/guidedPath.js';
import { idgiOptions } from './pathOptions.js';

function checkShare(argument: string, share: unknown): asserts share is number {
  const expected = 'a number > 0 and <= 1';
  if (typeof share !== 'number') throw wrongType(argument, expected, share);
  if (!(share > 0 && share <= 1)) throw outOfRange(argument, expected, share);
}

const guidedOptions = /* @__PURE__ */ optionTable(() => ({
  ...baselineOptions,
  ...idgiOptions,
  /** How many steps the path has, one after another. Default 200. */
  steps: option<number>(checkPositiveInteger, 200),
  /** The fraction of the features that move at a time, those of the least gradients. Default 0.25. */
  fraction: option<number>(checkShare, 0.25),
  /** How far a feature may be ahead or behind of the straight path, as a part of it. Default 0.02. */
  maxDistance: option<number>(checkShare, 0.02),
}));

/**
 * Options of {@link guidedIntegratedGradients}.
 *
 * @interface
 */
export type GuidedIntegratedGradientsOptions = OptionsOf<typeof guidedOptions> & AttributionOptions;

/**
 * Integrates the gradient along a path on which features of small gradients move first, so that
 * noise on the way adds less.
 *
 * Every step is one of the same length (the sum of magnitudes), near the straight path. The
 * attributions add up to the score less that of the baseline as far as the steps are fine: gradients
 * are taken where a step begins; {@link convergenceDelta} tells how far. Costs `steps` gradients one
 * after another, for each class. Arguments, result and errors are those of {@link vanillaGradient};
 * the result is in units of the score.
 *
 * Source: Kapishnikov et al.: Guided Integrated Gradients, https://arxiv.org/abs/2106.09788
 *
 * @function
 */
export const guidedIntegratedGradients: Attribution<GuidedIntegratedGradientsOptions> =
  /* @__PURE__ */ defineMethod({
    name: 'guidedIntegratedGradients',
    options: guidedOptions,
    inputsPerImage: ({ steps, idgi }) => (idgi ? 2 * steps + 1 : steps),
    attribute: (context, rows, options) =>
      overBaselines(context, rows, options, (start) => guided(context, rows, start, options)),
    referenceScores: (context, rows, options) =>
      overBaselines(context, rows, options, (start) => context.values(start)),
  });

/** Follows a path for each class and row: m tensors [r, ...]. */
function* guided(
  context: Context,
  rows: Tensor,
  start: Tensor,
  options: ValuesOf<typeof guidedOptions>,
): Task<Tensor[]> {
  const { steps, idgi } = options;
  const { classes } = context;
  const [count = 1] = rows.shape;
  const size = rows.size / count;
  const [ends, starts] = [(yield* read(rows)).slice(), (yield* read(start)).slice()];
  const paths = Array.from({ length: classes * count }, (_, i) => {
    const row = i % count;
    const part = (values: Float32Array) => values.subarray(row * size, (row + 1) * size);
    return new GuidedPath(part(starts), part(ends), options);
  });
  // Class after class: row i of a batch belongs to image i % n.
  const pointsOf = (): Tensor =>
    keep(
      tidy(() =>
        concat(
          paths.map((path) => tensor(Float32Array.from(path.point), [1, ...rows.shape.slice(1)])),
        ),
      ),
    );
  let points = pointsOf();
  try {
    let scores = idgi ? yield* scoresOf(context, points) : undefined;
    for (let step = 0; step < steps; step++) {
      const gradients = yield* context.gradients(points);
      const values: Float32Array[] = [];
      try {
        for (const gradient of gradients) keep(gradient);
        for (const gradient of gradients) values.push(yield* read(gradient));
        paths.forEach((path, i) => {
          const ofClass = values[Math.floor(i / count)]!;
          path.advance(ofClass.slice(i * size, (i + 1) * size), step, !idgi);
        });
      } finally {
        dispose(gradients);
      }
      points.dispose();
      points = pointsOf();
      if (scores === undefined) continue;
      const next = yield* scoresOf(context, points);
      paths.forEach((path, i) => {
        path.share(next[i]! - scores![i]!);
      });
      scores = next;
    }
    return tidy(() =>
      Array.from({ length: classes }, (_, c) =>
        concat(
          paths
            .slice(c * count, (c + 1) * count)
            .map((path) => tensor(Float32Array.from(path.map), [1, ...rows.shape.slice(1)])),
        ),
      ),
    );
  } finally {
    points.dispose();
  }
}

/** Computes of each point the score of its own class. */
function* scoresOf(context: Context, points: Tensor): Task<number[]> {
  const perClass = yield* context.values(points);
  const values: Float32Array[] = [];
  try {
    for (const scores of perClass) keep(scores);
    for (const scores of perClass) values.push((yield* read(scores)).slice());
  } finally {
    dispose(perClass);
  }
  const count = points.shape[0]! / perClass.length;
  return Array.from({ length: points.shape[0]! }, (_, i) => values[Math.floor(i / count)]![i]!);
}
