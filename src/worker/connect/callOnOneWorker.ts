/** Methods and metrics that one worker computes as a whole. */
import type { Remote } from 'comlink';
import { checkBag } from '../../checks.js';
import { inFunction } from '../../inFunction.js';
import { readOptions } from '../../options.js';
import { abortReason, throwIfAborted } from '../../run/abort.js';
import { asyncOptions } from '../../run/progress.js';
import type { AsyncOptions } from '../../run/progress.js';
import { readMap } from '../../metric/mapNumbers.js';
import type { ResultOf, Wrap } from '../encodeInput.js';
import type { MeasureCall, MethodCall, Reply, Service } from '../protocol.js';
import { newId } from './connection.js';
import { encodeCall } from './encodeCall.js';
import type { Pool } from './pool.js';

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
    const rest = { method, caller: method, classIndex };
    const compute = (service: Remote<Service>, id: string, call: MethodCall) =>
      service.compute(id, call);
    const { result, wrap } = await send(pool, rest, [modelRef, input, options], compute);
    return wrap(result) as ResultOf<Input>;
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
    const rest = measureRest(metric, classIndex, subject);
    rest.catch(() => undefined); // reported where it is awaited
    const measure = (service: Remote<Service>, id: string, call: MeasureCall) =>
      service.measure(id, call);
    // The input is read before the first await, so that the caller may dispose it.
    const { result } = await send(pool, rest, [modelRef, input, options], measure);
    return result;
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

/** Sends a call to one worker, with progress and abort. */
async function send<Call extends MethodCall, T>(
  pool: Pool,
  rest: Rest<Call> | Promise<Rest<Call>>,
  [modelRef, input, options]: [modelRef: unknown, input: unknown, options: AsyncOptions],
  ask: (service: Remote<Service>, id: string, call: Call) => Promise<Reply<T>>,
): Promise<{ result: T; wrap: Wrap }> {
  checkBag('options', options);
  const { signal, onProgress } = readOptions(asyncOptions, options);
  throwIfAborted(signal);
  const call = await encodeCall<Call>(modelRef, input, options, rest, 1);
  const connection = pool.leastBusy();
  const id = newId();
  const stopWatching = onProgress && connection.onProgress(id, onProgress);
  try {
    const result = await abortable(
      signal,
      call.send(connection, (service, encoded) => ask(service, id, encoded)),
      () => connection.call((service) => service.end(id)),
    );
    return { result, wrap: call.wrap };
  } finally {
    stopWatching?.();
    call.dispose();
  }
}

type Rest<Call extends MethodCall> = Omit<Call, 'source' | 'input' | 'options'>;

/** Rejects a run as soon as the signal is aborted, and ends it on the other side. */
async function abortable<T>(
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
