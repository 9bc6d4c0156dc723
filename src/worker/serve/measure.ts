/** In the worker: metrics and sanity checks, by their names. */
import { outOfRange } from '../../checks.js';
import { inFunction } from '../../inFunction.js';
import { metricOf } from '../../metric/defineMetric.js';
import type { Metric } from '../../metric/defineMetric.js';
import type { AttributionMetric } from '../../metric/defineAttributionMetric.js';
import type { MetricResult } from '../../metric/defineMetric.js';
import type { Model } from '../../model/model.js';
import { throwIfAborted } from '../../run/abort.js';
import type { AsyncOptions } from '../../run/progress.js';
import { yieldToEventLoop } from '../../run/yieldToEventLoop.js';
import type { ClassIndex } from '../../score/classIndex.js';
import type { MeasureCall } from '../protocol.js';
import { attributionCalled } from './compute.js';
import { decodeInput, decodeOptions } from './decode.js';
import * as metrics from './metrics.js';
import type { LoadedModel } from './models.js';

/** Computes a metric with progress and abort. */
export function measure(
  { method: name, caller, input, classIndex, options, subject }: MeasureCall,
  { model, preprocess, score, inputSpec, gradients }: LoadedModel,
  watch: AsyncOptions,
): Promise<MetricResult> {
  return inFunction(caller, async () => {
    const metric = metricCalled(name);
    const decoded = decodeOptions(options, { preprocess, score, inputSpec, gradients });
    const decodedInput = decodeInput(input);
    try {
      await yieldToEventLoop(); // the call may have been ended in the meantime
      throwIfAborted(watch.signal);
      const all = { ...decoded.value, ...watch };
      const index = classIndex as ClassIndex;
      if (typeof subject !== 'string') {
        const { async } = metric as Metric<object>;
        return await async(model, decodedInput.value, index, subject, all);
      }
      const { async } = metric as AttributionMetric<object, MetricResult>;
      const method = attributionCalled(subject);
      return await async(method, model as Model, decodedInput.value, index, all);
    } finally {
      decodedInput.dispose();
      decoded.dispose();
    }
  });
}

/** The metric of a name. */
function metricCalled(name: string): object {
  const known = Object.entries(metrics).filter(([, metric]) => metricOf(metric) !== undefined);
  const metric = known.find(([other]) => other === name)?.[1];
  if (metric !== undefined) return metric;
  throw outOfRange('metric', `one of ${known.map(([other]) => other).join(', ')}`, name);
}
