/** Methods and metrics that one worker computes as a whole. */
import type { Remote } from 'comlink';
import { checkBag } from '../../checks.js';
import { inFunction } from '../../inFunction.js';
import { readOptions } from '../../options.js';
import type { ValuesOf } from '../../options.js';
import { abortable, abortReason, throwIfAborted } from '../../run/abort.js';
import { asyncOptions } from '../../run/progress.js';
import type { AsyncOptions } from '../../run/progress.js';
import type { StepsOptions } from '../../smoothing/convergenceOptions.js';
import { readMap } from '../../metric/mapNumbers.js';
import type { ResultOf } from '../encodeInput.js';
import type { MeasureCall, MethodCall, Reply, Service } from '../protocol.js';
import { newId } from './connection.js';
import type { Connection } from './connection.js';
import { encodeCall } from './encodeCall.js';
import type { EncodedCall } from './encodeCall.js';
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
    const watch = readWatch(options);
    const rest = { method, caller: method, classIndex };
    const call = await encodeCall<MethodCall>(modelRef, input, options, rest, pool.size);
    const connection = pool.leastBusy();
    try {
      if (await abortable(connection.isSampling(method), watch.signal))
        return await sampledMap<Input>(pool, connection, call, options as StepsOptions);
    } catch (error) {
      call.dispose();
      throw error;
    }
    const result = await sent(connection, call, watch, (service, id, encoded) =>
      service.compute(id, encoded),
    );
    return call.wrap(result) as ResultOf<Input>;
  });
}

/**
 * Computes a metric by its name on the least busy worker.
 * @param subject a map, or the name of a method
 */
export function measureOnOneWorker(
  pool: Pool,
  metric: string,
  modelRef: unknown,
  input: unknown,
  classIndex: unknown,
  subject: unknown,
  options: AsyncOptions = {},
): Promise<unknown> {
  return inFunction(metric, async () => {
    const watch = readWatch(options);
    const rest = measureRest(metric, classIndex, subject);
    rest.catch(() => undefined); // reported where it is awaited
    // The input is read before the first await, so that the caller may dispose it.
    const call = await encodeCall<MeasureCall>(modelRef, input, options, rest, 1);
    return sent(pool.leastBusy(), call, watch, (service, id, encoded) =>
      service.measure(id, encoded),
    );
  });
}

async function measureRest(
  metric: string,
  classIndex: unknown,
  subject: unknown,
): Promise<Rest<MeasureCall>> {
  const call = { method: metric, caller: metric, classIndex };
  if (typeof subject === 'string') return { ...call, subject };
  const { values, shape } = await readMap('map', subject);
  return { ...call, subject: { data: Float32Array.from(values), shape: [...shape] } };
}

/** Reads what a call is watched by. */
function readWatch(options: AsyncOptions): ValuesOf<typeof asyncOptions> {
  checkBag('options', options);
  const watch = readOptions(asyncOptions, options);
  throwIfAborted(watch.signal);
  return watch;
}

/** Sends a call to one worker, with progress and abort, and disposes it. */
async function sent<Call extends MethodCall, T>(
  connection: Connection,
  call: EncodedCall<Call>,
  { signal, onProgress }: ValuesOf<typeof asyncOptions>,
  ask: (service: Remote<Service>, id: string, call: Call) => Promise<Reply<T>>,
): Promise<T> {
  const id = newId();
  const stopWatching = onProgress && connection.onProgress(id, onProgress);
  try {
    return await ending(
      signal,
      call.send(connection, (service, encoded) => ask(service, id, encoded)),
      () => connection.call((service) => service.end(id)),
    );
  } finally {
    stopWatching?.();
    call.dispose();
  }
}

type Rest<Call extends MethodCall> = Omit<Call, 'source' | 'input' | 'options'>;

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
