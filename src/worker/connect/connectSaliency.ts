import { checkOptions, checkPositiveInteger, outOfRange, wrongType } from '../../checks.js';
import { inFunction } from '../../inFunction.js';
import type { SaliencyWorker } from '../endpoint.js';
import type { Saliency, SaliencyBase } from '../saliency.js';
import { smoothOnAllWorkers, smoothStepsOnAllWorkers } from './callOnAllWorkers.js';
import { callOnOneWorker, measureOnOneWorker } from './callOnOneWorker.js';
import { withKey } from './modelRef.js';
import { Pool } from './pool.js';
import { randomizationSteps } from './randomizationSteps.js';
import { sampledSteps } from './sampleOnAllWorkers.js';

export interface ConnectOptions {
  /**
   * How many workers there are at most; more than processor cores make nothing faster. Default 1.
   */
  readonly workers?: number | undefined;
  /**
   * After how many milliseconds a worker that has not called `serveSaliency` is abandoned, and its
   * calls are rejected. Default 60000.
   */
  readonly startTimeout?: number | undefined;
}

/**
 * Connects to workers that call {@link serveSaliency}, and offers the library's methods there.
 *
 * Workers are Web Workers, or those of node:worker_threads. In Node they let the process end while
 * no call is pending.
 *
 * @example
 * ```ts
 * import { connectSaliency } from 'tfjs-saliency/worker';
 *
 * const url = new URL('./worker.js', import.meta.url);
 * const saliency = connectSaliency(() => new Worker(url, { type: 'module' }), { workers: 2 });
 * const map = await saliency.smoothGrad('model/model.json', imageData, 281, {
 *   preprocess: 'mobilenet',
 *   samples: 100,
 * });
 * ```
 *
 * @param worker a function that starts a worker, called as workers are needed; or one worker, which
 * is not started anew
 * @throws TypeError or RangeError for a wrong argument
 */
export function connectSaliency<ModelRef = unknown>(
  worker: SaliencyWorker | (() => SaliencyWorker),
  options: ConnectOptions = {},
): Saliency<ModelRef> {
  const pool = inFunction('connectSaliency', () => poolOf(worker, options));
  const base: SaliencyBase<unknown> = {
    predict: (modelRef, input, predictOptions) =>
      callOnOneWorker(pool, 'predict', modelRef, input, 'argmax', predictOptions),
    measure: (metric, ...call) => measureOnOneWorker(pool, metric, ...call) as never,
    randomizationSteps: (method, ...call) => randomizationSteps(pool, method, ...call),
    smooth: (method, ...call) =>
      smoothOnAllWorkers(pool, `smooth(${method})Async`, method, ...call),
    smoothSteps: (method, ...call) =>
      smoothStepsOnAllWorkers(pool, `smooth(${method})Steps`, method, ...call),
    smoothGrad: (...call) => smoothOnAllWorkers(pool, 'smoothGrad', 'vanillaGradient', ...call),
    smoothGradSteps: (...call) =>
      smoothStepsOnAllWorkers(pool, 'smoothGradSteps', 'vanillaGradient', ...call),
    steps: (method, ...call) => sampledSteps(pool, method, ...call),
    async release(modelRef) {
      const { key } = withKey(modelRef);
      await Promise.all(
        pool.living().map((connection) =>
          connection.call((service) => {
            connection.forget(key); // in the order of the messages
            return service.release(key);
          }),
        ),
      );
    },
    close: () => pool.close(),
  };
  return withMethods(base, pool) as Saliency<ModelRef>;
}

function poolOf(worker: SaliencyWorker | (() => SaliencyWorker), options: ConnectOptions): Pool {
  checkOptions(options, ['workers', 'startTimeout']);
  const { workers = 1, startTimeout = 60_000 } = options;
  checkPositiveInteger('workers', workers);
  checkPositiveInteger('startTimeout', startTimeout);
  if (typeof worker === 'function') return new Pool(worker, workers, true, startTimeout);
  if (typeof (worker as Partial<SaliencyWorker> | null)?.postMessage !== 'function') {
    throw wrongType('worker', 'a worker, or a function that starts one', worker);
  }
  if (workers > 1) throw outOfRange('workers', '1, unless a function starts them', workers);
  return new Pool(() => worker, workers, false, startTimeout);
}

/** What promises, JSON and test frameworks ask every object for. */
const ASKED_OF_EVERY_OBJECT = /^(then|toJSON|asymmetricMatch|nodeType|tagName|inspect|\W)/;

/** Adds the methods by their names, which the workers know and this side need not. */
function withMethods(base: object, pool: Pool): object {
  type Call = [modelRef: unknown, input: unknown, classIndex: unknown, options?: object];
  return new Proxy(base, {
    get(target, name) {
      if (typeof name === 'symbol' || name in target || ASKED_OF_EVERY_OBJECT.test(name)) {
        return Reflect.get(target, name) as unknown;
      }
      return (...call: Call) => callOnOneWorker(pool, name, ...call);
    },
  });
}
