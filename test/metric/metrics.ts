/** The library's metrics that ask a model, with options that make them quick. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { vanillaGradient } from 'tfjs-saliency';
import type { ClassIndex, Model } from 'tfjs-saliency';
import * as metrics from '../../src/metric/index.js';
import { metricOf } from '../../src/metric/defineMetric.js';
import type { MetricInfo, MetricResult } from '../../src/metric/defineMetric.js';
import * as sanity from '../../src/sanity/index.js';

type Call = [model: Model, input: Tensor, classIndex: ClassIndex, options?: object];

export interface MetricUnderTest extends MetricInfo {
  /** Small counts, where the metric has such options. */
  readonly quick: Record<string, unknown>;
  readonly run: (map: Tensor, ...call: Call) => MetricResult;
  readonly runAsync: (map: Tensor, ...call: Call) => Promise<MetricResult>;
}

const QUICK = { steps: 2, samples: 4, fractions: [0.3, 0.6] };

type Public = ((...call: unknown[]) => MetricResult) & {
  async(...call: unknown[]): Promise<MetricResult>;
};

/** One row per metric, for `describe.each`: those of a map get the map, the others a method. */
export const METRICS: readonly [string, MetricUnderTest][] = Object.values({
  ...metrics,
  ...sanity,
} as Record<string, object>).flatMap((metric): [string, MetricUnderTest][] => {
  const info = metricOf(metric);
  if (info === undefined) return [];
  const { run, runAsync } = callsOf(metric as Public, info);
  const quick = Object.fromEntries(Object.entries(QUICK).filter(([name]) => name in info.options));
  return [[info.name, { ...info, quick, run, runAsync }]];
});

function callsOf(
  metric: Public,
  { judges }: MetricInfo,
): Pick<MetricUnderTest, 'run' | 'runAsync'> {
  if (judges === 'method') {
    return {
      run: (_, ...call) => metric(vanillaGradient, ...call),
      runAsync: (_, ...call) => metric.async(vanillaGradient, ...call),
    };
  }
  return {
    run: (map, model, input, classIndex, options) => metric(model, input, classIndex, map, options),
    runAsync: (map, model, input, classIndex, options) =>
      metric.async(model, input, classIndex, map, options),
  };
}
