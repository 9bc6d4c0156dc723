/** In the worker: what one call computes as a whole, pass by pass. */
import { outOfRange } from '../../checks.js';
import { inFunction } from '../../inFunction.js';
import type { AttributionFunction } from '../../method/customMethod.js';
import { methodOf, runLong } from '../../method/defineMethod.js';
import type { Method } from '../../method/defineMethod.js';
import { throwIfAborted } from '../../run/abort.js';
import type { AsyncOptions } from '../../run/progress.js';
import { yieldToEventLoop } from '../../run/yieldToEventLoop.js';
import { isSampling } from '../../sampling/sampledRun.js';
import type { ClassIndex } from '../../score/classIndex.js';
import type { ArrayTensor, MethodCall } from '../protocol.js';
import { decodeInput, decodeOptions, encodeResult } from './decode.js';
import * as methods from './methods.js';
import type { LoadedModel } from './models.js';
import { predict } from './predict.js';

/** Computes a call with progress and abort, and reads its result. */
export function compute(
  { method, caller, input, classIndex, options }: MethodCall,
  { model, preprocess, score, inputSpec, gradients }: LoadedModel,
  watch: AsyncOptions,
): Promise<ArrayTensor> {
  return inFunction(caller, async () => {
    const isPrediction = method === 'predict';
    const loaded = isPrediction
      ? { preprocess, inputSpec }
      : { preprocess, score, inputSpec, gradients };
    const decoded = decodeOptions(options, loaded);
    const decodedInput = decodeInput(input);
    try {
      await yieldToEventLoop(); // the call may have been ended in the meantime
      throwIfAborted(watch.signal);
      const all = { ...decoded.value, ...watch };
      const result = isPrediction
        ? predict(model, decodedInput.value, all)
        : runLong(methodCalled(method), model, decodedInput.value, classIndex as ClassIndex, all);
      return await encodeResult(await result);
    } finally {
      decodedInput.dispose();
      decoded.dispose();
    }
  });
}

/** Finds the method of a name. */
export function methodCalled(name: string): Method {
  return methodOf(attributionCalled(name))!;
}

/** The public function of a method, by its name. */
export function attributionCalled(name: string): AttributionFunction<object> {
  const attribution = Object.entries(methods).find(([known]) => known === name)?.[1];
  if (attribution !== undefined && methodOf(attribution) !== undefined) return attribution;
  throw outOfRange('method', `one of ${Object.keys(methods).join(', ')}`, name);
}

/** Lists the methods whose samples workers may share. */
export function samplingMethods(): string[] {
  return Object.entries(methods)
    .filter(([, attribution]) => {
      const method = methodOf(attribution);
      return method !== undefined && isSampling(method);
    })
    .map(([name]) => name);
}
