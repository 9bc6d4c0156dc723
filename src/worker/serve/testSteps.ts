/** In the worker: the parameter randomisation test, step by step as it is asked for. */
import type { Model } from '../../model/model.js';
import type { RandomizationStep } from '../../sanity/parameterRandomizationTest.js';
import { parameterRandomizationTest } from '../../sanity/parameterRandomizationTest.js';
import type { ClassIndex } from '../../score/classIndex.js';
import type { EncodedStep, MeasureCall } from '../protocol.js';
import { attributionCalled } from './compute.js';
import { decodeInput, decodeOptions, encodeResult } from './decode.js';
import type { LoadedModel } from './models.js';
import { CANCELLED } from './sampleRun.js';

export interface TestSteps {
  /** Computes the next step, undefined at the end. */
  next(): Promise<EncodedStep | undefined>;
  /** Ends the test within one pass. */
  close(): Promise<void>;
}

/** Opens the test of a call; wrong arguments throw at its first step. */
export function openTestSteps(call: MeasureCall, loaded: LoadedModel): TestSteps {
  const ended = new AbortController();
  const steps = stepsOf(call, loaded, ended.signal);
  return {
    async next() {
      const { value } = await steps.next();
      return value === undefined ? undefined : { ...value, map: await encodeResult(value.map) };
    },
    async close() {
      ended.abort(CANCELLED);
      // After the step under way, whose own caller is told of its end.
      await steps.return().catch(() => undefined);
    },
  };
}

async function* stepsOf(
  { input, classIndex, options, subject }: MeasureCall,
  { model, preprocess, score, inputSpec, gradients }: LoadedModel,
  signal: AbortSignal,
): AsyncGenerator<RandomizationStep, void, undefined> {
  const decoded = decodeOptions(options, { preprocess, score, inputSpec, gradients });
  const decodedInput = decodeInput(input);
  try {
    yield* parameterRandomizationTest.steps(
      attributionCalled(subject as string),
      model as Model,
      decodedInput.value,
      classIndex as ClassIndex,
      { ...decoded.value, signal },
    );
  } finally {
    decodedInput.dispose();
    decoded.dispose();
  }
}
