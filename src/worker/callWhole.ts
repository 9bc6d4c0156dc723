/** Methods that one worker computes as a whole. */
import { checkOptions } from '../arguments.js';
import { checkLongRun } from '../method/longRunOptions.js';
import type { ResultOf } from './input.js';
import type { Pool } from './pool.js';
import type { Request, SingleMethod } from './protocol.js';
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
  const compute = async (): Promise<ResultOf<Input>> => {
    const prepared = await prepare<Request<SingleMethod>>(spec, input, options, { method, classIndex });
    try {
      const result = await prepared.send(pool.leastBusy(), (service, request) => service.compute(request));
      signal?.throwIfAborted(); // nobody would dispose a tensor
      return prepared.wrap(result) as ResultOf<Input>;
    } finally {
      prepared.dispose();
    }
  };
  return signal === undefined ? compute() : abortable(signal, compute());
}

function abortable<T>(signal: AbortSignal, run: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort);
    run.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}
