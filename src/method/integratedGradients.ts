import {
  add,
  concat,
  dispose,
  keep,
  mul,
  reshape,
  sub,
  sum,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  checkChoice,
  checkOptions,
  checkPositiveInteger,
  checkTensor,
  outOfRange,
} from '../arguments.js';
import type { Model } from '../model/model.js';
import type { InPasses } from '../model/passes.js';
import type { ClassIndex } from '../target/classIndex.js';
import { ATTRIBUTION_OPTIONS, openSubject } from './arguments.js';
import type { AttributionOptions, Subject } from './arguments.js';
import { baselineOf, checkBaseline } from './baseline.js';
import type { Baseline } from './baseline.js';
import { attributionOf } from './method.js';
import type { Attribution } from './method.js';
import { checkSeed } from './smoothing/noise.js';
import { quadrature, QUADRATURES } from './quadrature.js';
import type { NodesAndWeights, Quadrature } from './quadrature.js';

export interface IntegratedGradientsOptions extends AttributionOptions {
  /** Where the path begins. Default: `'black'` with a preset, else 0. */
  baseline?: Baseline | undefined;
  /** How many gradients are taken along the path. Default 50. */
  steps?: number | undefined;
  /** Where they are taken. Default `'gaussLegendre'`, which needs the fewest steps. */
  rule?: Quadrature | undefined;
  /** Of the baseline `'noise'`, a whole number from 0 to 2^32 - 1. Default 0. */
  seed?: number | undefined;
}

const OPTIONS = [...ATTRIBUTION_OPTIONS, 'baseline', 'steps', 'rule', 'seed'];

function checkPath(caller: string, options: IntegratedGradientsOptions) {
  const { baseline, steps = 50, rule = 'gaussLegendre', seed = 0 } = options;
  checkBaseline(caller, baseline);
  checkPositiveInteger(caller, 'steps', steps);
  checkChoice(caller, 'rule', rule, QUADRATURES);
  checkSeed(caller, seed);
  return { baseline, seed, ...quadrature(rule, steps) };
}

/**
 * The gradient integrated along the straight line from a baseline to the input, times their
 * difference: `integratedGradients(model, input, classIndex, options?)`. The attributions of an
 * input add up to the score of the input less that of the baseline (completeness); {@link
 * convergenceDelta} tells how far they do.
 *
 * Arguments, result and errors are those of {@link vanillaGradient}; the result is in units of the
 * score. `batchSize` counts points of the path.
 *
 * Source: Sundararajan, Taly, Yan: Axiomatic Attribution for Deep Networks,
 * https://arxiv.org/abs/1703.01365
 */
export const integratedGradients: Attribution<IntegratedGradientsOptions> =
  /* @__PURE__ */ attributionOf({
    name: 'integratedGradients',
    options: OPTIONS,
    prepare(caller, options) {
      const { baseline, seed, ...path } = checkPath(caller, options);
      return function* (subject, rows) {
        const [from, way] = tidy((): [Tensor, Tensor] => {
          const start = baselineOf(caller, baseline, seed, subject, rows);
          return [keep(start), keep(sub(rows, start))];
        });
        try {
          return yield* alongPath(subject, from, way, path);
        } finally {
          dispose([from, way]);
        }
      };
    },
  });

/**
 * In chunks of as many steps as fit into one pass, so that memory does not grow with the number of
 * steps.
 */
function* alongPath(
  { gradient }: Subject,
  from: Tensor,
  way: Tensor,
  path: NodesAndWeights,
): InPasses<Tensor[]> {
  const { nodes, weights } = path;
  const rows = way.shape[0]!;
  let total: Tensor[] = [];
  try {
    for (let first = 0, perPass = 1; first < nodes.length; first += perPass) {
      if (first > 0) yield;
      perPass = Math.max(1, Math.floor(gradient.batchSize / rows));
      const chunk = nodes.slice(first, first + perPass);
      const before = total;
      const added = yield* weightedGradients(
        gradient,
        from,
        way,
        chunk,
        weights.slice(first, first + perPass),
      );
      total = added.map((each, i) => keep(add(before[i] ?? 0, each)));
      dispose([before, added]);
    }
    return total.map((average) => mul(average, way));
  } finally {
    dispose(total);
  }
}

/** The sum over some nodes of weight times gradient, for each class. */
function* weightedGradients(
  gradient: Subject['gradient'],
  from: Tensor,
  way: Tensor,
  nodes: readonly number[],
  weights: readonly number[],
): InPasses<Tensor[]> {
  const points = keep(tidy(() => concat(nodes.map((node) => add(from, mul(way, node))))));
  let gradients: Tensor[] = [];
  try {
    gradients = yield* gradient.of(points);
    return tidy(() => {
      const factors = reshape(tensor1d([...weights]), [nodes.length, ...way.shape.map(() => 1)]);
      return gradients.map((each) =>
        sum(mul(reshape(each, [nodes.length, ...way.shape]), factors), 0),
      );
    });
  } finally {
    dispose([points, gradients]);
  }
}

/**
 * How far integrated gradients are from complete: the sum of an attribution less the difference of
 * the scores of the input and of the baseline. 0 is complete; more `steps` bring it closer.
 *
 * @param model as it was given to {@link integratedGradients}
 * @param input as it was given
 * @param classIndex as it was given
 * @param attribution what {@link integratedGradients} returned
 * @param options as they were given
 * @returns in units of the score: [] for one image without batch dimension, [n] for n images, with
 * a leading axis of classes as the attribution has; the caller owns it
 * @throws TypeError or RangeError for a wrong argument
 */
export function convergenceDelta(
  model: Model,
  input: unknown,
  classIndex: ClassIndex,
  attribution: Tensor,
  options: IntegratedGradientsOptions = {},
): Tensor {
  const caller = 'convergenceDelta';
  checkOptions(caller, options, OPTIONS);
  const { baseline, seed } = checkPath(caller, options);
  checkTensor(caller, 'attribution', attribution);
  const subject = openSubject(caller, model, input, classIndex, options);
  const { x, images, classes, gradient } = subject;
  try {
    return tidy(() => {
      if (attribution.size !== classes * x.size) {
        throw outOfRange(
          caller,
          'attribution',
          `a result of integratedGradients, ${classes * x.size} numbers`,
          attribution,
        );
      }
      gradient.fixTarget(x);
      const after = gradient.scores(x);
      const before = gradient.scores(baselineOf(caller, baseline, seed, subject, x));
      const differences = concat(after.map((score, i) => sub(score, before[i]!)));
      const sums = sum(reshape(attribution, [classes * images, -1]), 1);
      return subject.shaped(reshape(sub(sums, differences), [classes, images]));
    });
  } finally {
    subject.dispose();
  }
}
