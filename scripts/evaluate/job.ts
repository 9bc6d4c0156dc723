/** What is measured: every method that fits a model, by every metric, for one photo. */
import {
  deletion,
  edgeMap,
  evaluate,
  infidelity,
  insertion,
  maxSensitivity,
  muFidelity,
  parameterRandomizationTest,
  randomMap,
  road,
  smoothGrad,
  smoothGradAsync,
} from 'tfjs-saliency';
import type { Evaluation, EvaluationMetric, EvaluationOptions } from 'tfjs-saliency';
import * as methods from '../../src/method/index.js';
import { metricOf } from '../../src/metric/defineMetric.js';
import { methodOf } from '../../src/method/defineMethod.js';
import { loadEvaluated } from './models.js';
import type { EvaluatedModel } from './models.js';
import { photoAt } from './photos.js';

export const METRICS: Readonly<Record<string, EvaluationMetric>> = {
  deletion,
  insertion,
  road,
  infidelity,
  muFidelity,
  maxSensitivity,
  parameterRandomizationTest,
};

/** Few samples a photo, as there are many photos. */
const METRIC_OPTIONS = {
  deletion: { steps: 12 },
  insertion: { steps: 12 },
  road: { fractions: [0.2, 0.5, 0.8] },
  // Maps are in units of their own: only their shape is compared.
  infidelity: { samples: 20, normalize: true, perturbation: 'squares' },
  muFidelity: { samples: 30 },
  maxSensitivity: { samples: 2 },
  parameterRandomizationTest: { steps: 2, similarity: 'spearman' },
};

/** Metrics of methods need several maps each: they are taken of the first photos. */
const METHOD_PHOTOS = 7;

/** What keeps methods of many passes within half an hour. */
const QUICK = { maxChannels: 32, masks: 100, samples: 100, steps: 10, seed: 0 };

/** Of methods whose samples cost more than a forward pass, or need not be many. */
const FEWER: Readonly<Record<string, object>> = {
  expectedGradients: { samples: 10 },
  sobol: { samples: 4, cells: 5 },
  smoothGrad: { samples: 16, seed: 0 },
};

type Methods = EvaluationOptions['methods'];

const smoothed = Object.assign((...call: Parameters<typeof smoothGrad>) => smoothGrad(...call), {
  async: smoothGradAsync,
});

const METHODS: Methods = {
  ...Object.fromEntries(
    Object.entries(methods).filter(([, method]) => methodOf(method) !== undefined),
  ),
  smoothGrad: smoothed,
  edgeMap,
  randomMap,
} as unknown as Methods;

function quickOptions(name: string, method: object): Record<string, unknown> {
  const table = methodOf(method)?.options ?? {};
  const quick = Object.entries(QUICK).filter(([option]) => option in table);
  return { ...Object.fromEntries(quick), ...FEWER[name] };
}

/** One photo's scores, or why a method does not fit the model. */
export interface JobResult {
  readonly evaluation: Omit<Evaluation, 'summary'>;
  readonly failed: Readonly<Record<string, string>>;
}

let loaded: { readonly name: string; readonly value: EvaluatedModel } | undefined;

export async function evaluatePhoto(modelName: string, photo: number): Promise<JobResult> {
  if (loaded?.name !== modelName)
    loaded = { name: modelName, value: await loadEvaluated(modelName) };
  const { model, preprocess } = loaded.value;
  const image = await photoAt(photo);
  const [scores, costs] = [[], []] as [
    Evaluation['scores'][number][],
    Evaluation['costs'][number][],
  ];
  const failed: Record<string, string> = {};
  const isMeasured = (metric: EvaluationMetric): boolean =>
    photo < METHOD_PHOTOS || metricOf(metric)!.judges === 'map';
  const metrics = Object.fromEntries(Object.entries(METRICS).filter(([, of]) => isMeasured(of)));
  for (const [name, method] of Object.entries(METHODS)) {
    try {
      const found = await evaluate(model, [image], {
        preprocess,
        methods: { [name]: method },
        metrics,
        metricOptions: METRIC_OPTIONS,
        methodOptions: { [name]: quickOptions(name, method) },
      });
      scores.push(...found.scores.map((score) => ({ ...score, photo })));
      costs.push(...found.costs.map((cost) => ({ ...cost, photo })));
    } catch (error) {
      failed[name] = (error as Error).message;
    }
  }
  return { evaluation: { scores, costs }, failed };
}
