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
  deletion: { steps: 16 },
  insertion: { steps: 16 },
  road: { fractions: [0.1, 0.3, 0.5, 0.7, 0.9] },
  // Maps are in units of their own: only their shape is compared.
  infidelity: { samples: 32, normalize: true, perturbation: 'squares' },
  muFidelity: { samples: 48 },
  maxSensitivity: { samples: 3 },
  parameterRandomizationTest: { steps: 3, similarity: 'spearman' },
};

/** What keeps methods of many passes within half an hour. */
const QUICK = { maxChannels: 64, masks: 200, samples: 200, steps: 16, seed: 0 };

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
  if (name === 'smoothGrad') return { samples: 30, seed: 0 };
  const table = methodOf(method)?.options ?? {};
  return Object.fromEntries(Object.entries(QUICK).filter(([option]) => option in table));
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
  for (const [name, method] of Object.entries(METHODS)) {
    try {
      const found = await evaluate(model, [image], {
        preprocess,
        methods: { [name]: method },
        metrics: METRICS,
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
