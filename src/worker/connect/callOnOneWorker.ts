/** Methods that one worker computes as a whole. */
import { checkBag } from '../../checks.js';
import { inFunction } from '../../inFunction.js';
import { readOptions } from '../../options.js';
import { abortable, abortReason, throwIfAborted } from '../../run/abort.js';
import { asyncOptions } from '../../run/progress.js';
import type { AsyncOptions } from '../../run/progress.js';
import type { StepsOptions } from '../../smoothing/convergenceOptions.js';
import type { ResultOf } from '../encodeInput.js';
import type { MethodCall } from '../protocol.js';
import { newId } from './connection.js';
import { encodeCall } from './encodeCall.js';
import type { Pool } from './pool.js';
import { sampledMap } from './sampleOnAllWorkers.js';

/** Calls a method by its name on the least busy worker. */
export function callOnOneWorker<Input>(
  pool: Pool,
  method: string,
  modelRef: unknown,
  input: Input,
  classIndex: unknown,
  options: AsyncOptions = {},
): Promise<ResultOf<Input>> {
  return inFunction(method, async () => {
    checkBag('options', options);
    const { signal, onProgress } = readOptions(asyncOptions, options);
    throwIfAborted(signal);
    const rest = { method, caller: method, classIndex };
    const call = await encodeCall<MethodCall>(modelRef, input, options, rest, pool.size);
    const connection = pool.leastBusy();
    try {
      if (await abortable(connection.isSampling(method), signal))
        return await sampledMap<Input>(pool, connection, call, options as StepsOptions);
    } catch (error) {
      call.dispose();
      throw error;
    }
    const id = newId();
    const stopWatching = onProgress && connection.onProgress(id, onProgress);
    try {
      const result = await ending(
        signal,
        call.send(connection, (service, encoded) => service.compute(id, encoded)),
        () => connection.call((service) => service.end(id)),
      );
      return call.wrap(result) as ResultOf<Input>;
    } finally {
      stopWatching?.();
      call.dispose();
    }
  });
}

/** Rejects a run as soon as the signal is aborted, and ends it on the other side. */
async function ending<T>(
  signal: AbortSignal | undefined,
  run: Promise<T>,
  end: () => Promise<unknown>,
): Promise<T> {
  if (signal === undefined) return run;
  let abort!: () => void;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      reject(abortReason(signal) as Error);
      end().catch(() => undefined); // a worker that has died has nothing to end
    };
  });
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([run, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
