import { add, concat, dispose, keep, mul, sub, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTensor } from '../checks.js';
import { option, optional, optionTable } from '../options.js';
import type { OptionsOf, ValuesOf } from '../options.js';
import { uniformNumbers } from '../random/uniform.js';
import type { Task } from '../run/task.js';
import { defineSampling } from '../sampling/defineSampling.js';
import type { SampledAttribution } from '../sampling/defineSampling.js';
import { meanSampler } from '../sampling/meanSampler.js';
import type { Sampler } from '../sampling/sampler.js';
import { samplingOptions } from '../sampling/samplingOptions.js';
import type { AttributionOptions } from './attributionOptions.js';
import { baselinesOf, overBaselines } from './baseline.js';
import type { Context } from './context.js';

const expectedGradientsOptions = /* @__PURE__ */ optionTable(() => {
  const { samples, seed } = samplingOptions(100);
  return {
    samples,
    seed,
    /**
     * [k, ...], inputs in the model's own scale that stand for what else there might be, such as
     * some of the training data. Default: one, black with a preset, else 0.
     */
    baselines: option<Tensor | undefined>(optional(checkTensor), undefined),
  };
});

/**
 * Options of {@link expectedGradients}.
 *
 * @interface
 */
export type ExpectedGradientsOptions = OptionsOf<typeof expectedGradientsOptions> &
  AttributionOptions;

/**
 * Averages integrated gradients over many baselines: the gradient at random points between one of
 * them and the input, times their difference.
 *
 * Also known as GradientSHAP, without its noise. The attributions add up to the score less the mean
 * score of the baselines, in expectation. Costs `samples` gradients. Arguments, result and errors
 * are those of {@link vanillaGradient}; the result is in units of the score.
 *
 * Source: Erion et al.: Improving performance of deep learning models with axiomatic attribution
 * priors and expected gradients, https://arxiv.org/abs/1906.10670
 *
 * @function
 */
export const expectedGradients: SampledAttribution<ExpectedGradientsOptions> =
  /* @__PURE__ */ defineSampling({
    name: 'expectedGradients',
    options: expectedGradientsOptions,
    open: openExpectedGradients,
    referenceScores: (context, rows, { baselines, seed }) =>
      overBaselines(context, rows, { baseline: baselines, seed }, (start) => context.values(start)),
  });

function* openExpectedGradients(
  context: Context,
  rows: Tensor,
  { baselines, seed, samples }: ValuesOf<typeof expectedGradientsOptions>,
): Task<Sampler> {
  const starts = yield* baselinesOf(context, rows, { baseline: baselines, seed });
  return meanSampler(context, rows, {
    samples,
    *mapsOf(first, count) {
      const drawn = Array.from({ length: count }, (_, i) => {
        const random = uniformNumbers(seed, first + i);
        return { start: starts[Math.floor(random() * starts.length)]!, share: random() };
      });
      const differences = keep(tidy(() => concat(drawn.map(({ start }) => sub(rows, start)))));
      const points = keep(
        tidy(() =>
          concat(drawn.map(({ start, share }) => add(start, mul(share, sub(rows, start))))),
        ),
      );
      let gradients: Tensor[] = [];
      try {
        gradients = yield* context.gradients(points);
        return gradients.map((gradient) => mul(gradient, differences));
      } finally {
        dispose([differences, points, gradients]);
      }
    },
    dispose() {
      dispose(starts);
    },
  });
}
