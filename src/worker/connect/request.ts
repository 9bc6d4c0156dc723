/** A call's arguments, made ready to cross, and sent. */
import { transfer } from 'comlink';
import type { Remote } from 'comlink';
import type { Connection } from './connection.js';
import { copyOf, readInput } from '../input.js';
import type { Wrap } from '../input.js';
import { readOptions } from '../options.js';
import type { Reply, Request, Service } from '../protocol.js';
import { specOf } from './spec.js';

export interface Prepared<R extends Request<string>> {
  /** Sends the request to a worker, with a copy of the input that is its own. */
  send<T>(
    connection: Connection,
    ask: (service: Remote<Service>, request: R) => Promise<Reply<T>>,
  ): Promise<T>;
  readonly wrap: Wrap;
  dispose(): void;
}

/**
 * Reads the input before it returns its promise.
 * @param workers how many the request will be sent to at most
 * @throws TypeError or RangeError (as a rejection) for what cannot cross
 */
export async function prepare<R extends Request<string>>(
  spec: unknown,
  given: unknown,
  options: object,
  rest: Omit<R, 'source' | 'input' | 'options'>,
  workers: number,
): Promise<Prepared<R>> {
  const { method } = rest as R;
  const [{ input, wrap }, sent] = await Promise.all([
    readInput(method, given),
    readOptions(method, options),
  ]);
  const known = specOf(spec);

  let left = workers;
  const requestFor = (connection: Connection): R => {
    const own = --left > 0 ? copyOf(input) : input;
    const request = {
      ...rest,
      source: connection.sourceOf(known),
      input: own,
      options: sent,
    } as unknown as R;
    return own.kind === 'bitmap' ? request : transfer(request, [own.data.buffer as ArrayBuffer]);
  };
  return {
    async send(connection, ask) {
      try {
        return await connection.call((service) => ask(service, requestFor(connection)));
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
        connection.forget(known.key);
        const expected = 'the arguments must be data that can be sent to a worker';
        throw new TypeError(`${method}: ${expected} (${error.message})`, { cause: error });
      }
    },
    wrap,
    dispose() {
      if (input.kind === 'bitmap') input.bitmap.close();
    },
  };
}
