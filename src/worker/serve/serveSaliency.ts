import { expose, transfer } from 'comlink';
import { checkFunction, checkOptions } from '../../checks.js';
import { inFunction } from '../../inFunction.js';
import type { AsyncOptions, Progress } from '../../run/progress.js';
import { endpointInWorker, onNotice, postNotice } from '../endpoint.js';
import { encodeError } from '../errors.js';
import type { EncodedStep, MethodCall, Reply, Service } from '../protocol.js';
import { holdWorkerLock } from '../workerLock.js';
import { compute, samplingMethods } from './compute.js';
import { measure } from './measure.js';
import { Models } from './models.js';
import type { Load, LoadedModel } from './models.js';
import { CANCELLED, SampleRun } from './sampleRun.js';
import { SamplingWork } from './samplingWork.js';
import { openTestSteps } from './testSteps.js';
import type { TestSteps } from './testSteps.js';

export interface ServeOptions<ModelRef> {
  /**
   * From the first argument of a call to the model, or
   * `{ model, preprocess, score, noise, inputSpec, gradients, dispose }` with what cannot be sent
   * to a worker; see {@link LoadedModel}. Called once for each value (compared by its content), the
   * first time it is needed; an error in it is the call's.
   */
  readonly load: Load<ModelRef>;
}

/**
 * Serves the methods of the library in a worker, to {@link connectSaliency} on the other side.
 *
 * Call it once, in a module or script that is started as a Web Worker or as a worker of
 * node:worker_threads, when a backend of tfjs is at hand; calls that come earlier wait.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-wasm';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { loadGraphModel } from '@tensorflow/tfjs-converter';
 * import { serveSaliency } from 'tfjs-saliency/worker';
 *
 * await tf.setBackend('wasm');
 * serveSaliency({ load: (url: string) => loadGraphModel(url) });
 * ```
 *
 * @throws TypeError if `load` is no function, Error outside workers. Node before 20.16 cannot
 * detect that it runs in a worker.
 */
export function serveSaliency<ModelRef>(options: ServeOptions<ModelRef>): void {
  inFunction('serveSaliency', () => {
    checkOptions(options, ['load']);
    checkFunction('load', options.load);
  });
  const endpoint = endpointInWorker();
  if (endpoint === undefined) throw new Error('serveSaliency: must be called in a worker');
  const service = serviceOf(new Models(options.load), (id, progress) => {
    postNotice(endpoint, { notice: 'tfjs-saliency: progress', id, progress });
  });
  expose(service, endpoint);
  const held = holdWorkerLock();
  const answer = (): void => {
    void held.then((lock) => {
      postNotice(endpoint, { notice: 'tfjs-saliency: ready', lock, sampling: samplingMethods() });
    });
  };
  onNotice(endpoint, 'tfjs-saliency: hello', answer);
  answer();
}

type Tell = (id: string, progress: Progress) => void;

function serviceOf(models: Models, tell: Tell): Service {
  const calls = new Map<string, AbortController>();
  const runs = new Map<string, { readonly run: SampleRun; free(): void }>();
  const samplings = new Map<string, { readonly work: SamplingWork; free(): void }>();
  const tests = new Map<string, { readonly steps: TestSteps; free(): void }>();
  /** Runs what one call computes as a whole, with its progress, until it is ended. */
  const watched = async <Call extends MethodCall, T>(
    id: string,
    call: Call,
    run: (call: Call, loaded: LoadedModel, watch: AsyncOptions) => Promise<T>,
  ): Promise<T> => {
    const ended = new AbortController();
    calls.set(id, ended);
    try {
      const { free, ...loaded } = await models.use(call.source);
      const onProgress = (progress: Progress): void => {
        tell(id, progress);
      };
      return await run(call, loaded, { signal: ended.signal, onProgress }).finally(free);
    } finally {
      calls.delete(id);
    }
  };
  return {
    compute: (id, call) =>
      replyTo(async () => {
        const result = await watched(id, call, compute);
        return transferred({ value: result }, [result.data]);
      }),
    measure: (id, call) => replyTo(async () => ({ value: await watched(id, call, measure) })),
    openTest: (id, call) =>
      replyTo(async () => {
        const { free, ...loaded } = await models.use(call.source);
        tests.set(id, { steps: openTestSteps(call, loaded), free });
        return { value: undefined };
      }),
    nextStep: (id) =>
      replyTo<EncodedStep | undefined>(async () => {
        const value = await opened(tests, id).steps.next();
        return value === undefined ? { value } : transferred({ value }, [value.map.data]);
      }),
    open: (id, call) =>
      replyTo(async () => {
        const { free, ...loaded } = await models.use(call.source);
        try {
          const run = new SampleRun(call, loaded);
          runs.set(id, { run, free });
          return { value: run.opened };
        } catch (error) {
          free();
          throw error;
        }
      }),
    samples: (id, first, count) =>
      replyTo(async () => {
        const chunk = await opened(runs, id).run.chunk(first, count);
        const arrays = chunk.moments.flatMap(({ mean, squares }) => [
          mean,
          ...(squares === undefined ? [] : [squares]),
        ]);
        return transferred({ value: chunk }, arrays);
      }),
    openSampling: (id, call) =>
      replyTo(async () => {
        const { free, ...loaded } = await models.use(call.source);
        const work = new SamplingWork(call, loaded);
        samplings.set(id, { work, free });
        try {
          return { value: await work.opened() };
        } catch (error) {
          samplings.delete(id);
          free();
          throw error;
        }
      }),
    learn: (id, first, count) =>
      replyTo(async () => {
        const learnt = await opened(samplings, id).work.learn(first, count);
        return transferred({ value: learnt }, [learnt]);
      }),
    merge: (id, count, learnt) =>
      replyTo(async () => {
        await opened(samplings, id).work.merge(count, learnt);
        return { value: undefined };
      }),
    sampledMap: (id, withHalves) =>
      replyTo(async () => {
        const value = await opened(samplings, id).work.sampledMap(withHalves);
        return transferred({ value }, [value.map.data]);
      }),
    end: (id) =>
      replyTo(async () => {
        const sampling = samplings.get(id);
        samplings.delete(id);
        await sampling?.work.close();
        sampling?.free();
        calls.get(id)?.abort(CANCELLED);
        const test = tests.get(id);
        tests.delete(id);
        await test?.steps.close();
        test?.free();
        const open = runs.get(id);
        runs.delete(id);
        await open?.run.close();
        open?.free();
        return { value: undefined };
      }),
    release: (key) =>
      replyTo(async () => {
        await models.release(key);
        return { value: undefined };
      }),
  };
}

/** @throws RangeError for a run that has ended, or was never opened */
function opened<Run>(runs: ReadonlyMap<string, Run>, id: string): Run {
  const run = runs.get(id);
  if (run === undefined) throw new RangeError(`id must be that of an open run, got '${id}'`);
  return run;
}

/** Errors cross as values: comlink would lose their classes. */
async function replyTo<T>(run: () => Promise<Reply<T>>): Promise<Reply<T>> {
  try {
    return await run();
  } catch (error) {
    return { error: encodeError(error) };
  }
}

function transferred<T>(
  reply: Reply<T>,
  arrays: readonly (Float32Array | Float64Array)[],
): Reply<T> {
  return transfer(
    reply,
    arrays.map(({ buffer }) => buffer as ArrayBuffer),
  );
}
