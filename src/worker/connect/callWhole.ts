/** Methods that one worker computes as a whole. */
import { checkOptions } from '../../arguments.js';
import { checkLongRun } from '../../method/smoothing/longRunOptions.js';
import { newId } from './connection.js';
import type { ResultOf } from '../input.js';
import type { Pool } from './pool.js';
import type { Request, SingleMethod } from '../protocol.js';
import { prepare } from './request.js';

export async function callWhole<Input>(
  pool: Pool,
  method: SingleMethod,
  spec: unknown,
  input: Input,
  classIndex: unknown,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<ResultOf<Input>> {
  checkOptions(method, options, undefined);
  const { signal } = options;
  checkLongRun(method, { signal });
  signal?.throwIfAborted();
  const prepared = await prepare<Request<SingleMethod>>(
    spec,
    input,
    options,
    { method, classIndex },
    1,
  );
  try {
    const connection = pool.leastBusy();
    const id = newId();
    const result = await abortable(
      signal,
      prepared.send(connection, (service, request) => service.compute(id, request)),
      () => connection.call((service) => service.end(id)),
    );
    return prepared.wrap(result) as ResultOf<Input>;
  } finally {
    prepared.dispose();
  }
}

/** What `run` resolves to; rejects as soon as the signal is aborted, and tells the other end. */
async function abortable<T>(
  signal: AbortSignal | undefined,
  run: Promise<T>,
  end: () => Promise<unknown>,
): Promise<T> {
  if (signal === undefined) return run;
  let abort!: () => void;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      reject(signal.reason as Error);
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
