import { checkOptions, checkPositiveInteger, outOfRange, wrongType } from '../../arguments.js';
import type { SaliencyWorker } from '../endpoint.js';
import { Pool } from './pool.js';
import type { Saliency } from '../saliency.js';
import { callWhole } from './callWhole.js';
import { smoothGrad, smoothGradSteps } from './callSplit.js';
import { specOf } from './spec.js';

export interface ConnectOptions {
  /**
   * How many workers there are at most; more than processor cores make nothing faster. Default 1.
   */
  readonly workers?: number | undefined;
}

/**
 * The library's methods, computed in workers that call {@link serveSaliency}: Web Workers, or those
 * of node:worker_threads.
 *
 * @example
 * ```ts
 * import { connectSaliency } from 'tfjs-saliency/worker';
 *
 * const url = new URL('./worker.js', import.meta.url);
 * const saliency = connectSaliency(() => new Worker(url, { type: 'module' }), {
 *   workers: 2,
 * });
 * const options = { preprocess: 'mobilenet', samples: 100 };
 * const map = await saliency.smoothGrad('model/model.json', imageData, 281, options);
 * ```
 *
 * @param worker a function that starts a worker, called as workers are needed; or one worker, which
 * is not started anew
 * @throws TypeError or RangeError for a wrong argument
 */
export function connectSaliency<Spec = unknown>(
  worker: SaliencyWorker | (() => SaliencyWorker),
  options: ConnectOptions = {},
): Saliency<Spec> {
  const caller = 'connectSaliency';
  checkOptions(caller, options, ['workers']);
  const { workers = 1 } = options;
  checkPositiveInteger(caller, 'workers', workers);
  const restarts = typeof worker === 'function';
  if (!restarts) {
    if (typeof (worker as Partial<SaliencyWorker> | null)?.postMessage !== 'function') {
      throw wrongType(caller, 'worker', 'a worker, or a function that starts one', worker);
    }
    if (workers > 1)
      throw outOfRange(caller, 'workers', '1, unless a function starts them', workers);
  }
  const pool = new Pool(restarts ? worker : () => worker, workers, restarts);

  const saliency: Saliency = {
    predict: (spec, input, given) => callWhole(pool, 'predict', spec, input, 'argmax', given),
    vanillaGradient: (...args) => callWhole(pool, 'vanillaGradient', ...args),
    gradientTimesInput: (...args) => callWhole(pool, 'gradientTimesInput', ...args),
    integratedGradients: (...args) => callWhole(pool, 'integratedGradients', ...args),
    smoothGrad: (...args) => smoothGrad(pool, ...args),
    smoothGradSteps: (...args) => smoothGradSteps(pool, ...args),
    async release(spec) {
      const { key } = specOf(spec);
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
  return saliency as Saliency<Spec>;
}
