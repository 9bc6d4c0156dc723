import { expose, transfer } from 'comlink';
import { checkOptions, wrongType } from '../../arguments.js';
import { onGreeting, ownEndpoint } from '../endpoint.js';
import { sentError } from '../errors.js';
import { holdLifeline } from '../lifeline.js';
import { Models } from './models.js';
import type { Load } from './models.js';
import type { Greeting, Reply, Service } from '../protocol.js';
import { ENDED, PartialRun } from './runs.js';
import { compute } from './single.js';

export interface ServeOptions<Spec> {
  /**
   * From the first argument of a call to the model, or `{ model, preprocess, score, noise, dispose
   * }` with what cannot be sent to a worker; see {@link LoadedModel}. Called once for each value
   * (compared by its content), the first time it is needed; an error in it is the call's.
   */
  readonly load: Load<Spec>;
}

/**
 * Computes, in a worker, what the other side asks for through {@link connectSaliency}. Call it
 * once, in a module or script that is started as a Web Worker or as a worker of
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
 * @throws TypeError if `load` is no function, Error outside workers. In Node older than 20.16,
 * workers cannot be told.
 */
export function serveSaliency<Spec>(options: ServeOptions<Spec>): void {
  const caller = 'serveSaliency';
  checkOptions(caller, options, ['load']);
  if (typeof options.load !== 'function')
    throw wrongType(caller, 'load', 'a function', options.load);
  const endpoint = ownEndpoint();
  if (endpoint === undefined) throw new Error(`${caller}: must be called in a worker`);
  expose(serviceOf(new Models(options.load)), endpoint);
  const held = holdLifeline();
  const answer = (): void => {
    void held.then((lifeline) => {
      endpoint.postMessage({ greeting: 'tfjs-saliency: ready', lifeline } satisfies Greeting);
    });
  };
  onGreeting(endpoint, 'tfjs-saliency: hello', answer);
  answer();
}

function serviceOf(models: Models): Service {
  const calls = new Map<string, { ended: boolean }>();
  const runs = new Map<string, { readonly run: PartialRun; free(): void }>();
  return {
    compute: (id, request) =>
      replyTo(async () => {
        const call = { ended: false };
        calls.set(id, call);
        try {
          const { free, ...loaded } = await models.use(request.source);
          const check = (): void => {
            if (call.ended) throw new Error(ENDED);
          };
          const result = await compute(request, loaded, check).finally(free);
          return transferred({ value: result }, [result.data]);
        } finally {
          calls.delete(id);
        }
      }),
    open: (id, request) =>
      replyTo(async () => {
        const { free, ...loaded } = await models.use(request.source);
        try {
          const run = new PartialRun(request, loaded);
          runs.set(id, { run, free });
          return { value: run.opened };
        } catch (error) {
          free();
          throw error;
        }
      }),
    samples: (id, first, count) =>
      replyTo(async () => {
        const chunk = await runs.get(id)!.run.samples(first, count);
        const arrays = chunk.moments.flatMap(({ mean, squares }) => [
          mean,
          ...(squares === undefined ? [] : [squares]),
        ]);
        return transferred({ value: chunk }, arrays);
      }),
    end: (id) =>
      replyTo(async () => {
        const call = calls.get(id);
        if (call !== undefined) call.ended = true;
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

/** Errors cross as values: comlink would lose their classes. */
async function replyTo<T>(run: () => Promise<Reply<T>>): Promise<Reply<T>> {
  try {
    return await run();
  } catch (error) {
    return { error: sentError(error) };
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
