/** A call's arguments, made ready to cross, and sent. */
import { transfer } from 'comlink';
import type { Remote } from 'comlink';
import type { Connection } from './connection.js';
import { copyOf, readInput } from './input.js';
import type { Wrap } from './input.js';
import { readOptions } from './options.js';
import type { Reply, Request, Service } from './protocol.js';
import { specOf } from './spec.js';

export interface Prepared<R extends Request<string>> {
  /** Sends the request to a worker, with a copy of the input that is its own. */
  send<T>(connection: Connection, ask: (service: Remote<Service>, request: R) => Promise<Reply<T>>): Promise<T>;
  readonly wrap: Wrap;
  dispose(): void;
}

/**
 * Reads the input before it returns its promise.
 * @throws TypeError or RangeError (as a rejection) for what cannot cross
 */
export async function prepare<R extends Request<string>>(
  spec: unknown,
  given: unknown,
  options: object,
  rest: Omit<R, 'source' | 'input' | 'options'>,
): Promise<Prepared<R>> {
  const { method } = rest as R;
  const [{ input, wrap }, sent] = await Promise.all([readInput(method, given), readOptions(method, options)]);
  const known = specOf(spec);

  const requestFor = (connection: Connection): R => {
    const copy = copyOf(input);
    const request = { ...rest, source: connection.sourceOf(known), input: copy, options: sent } as unknown as R;
    return copy.kind === 'bitmap' ? request : transfer(request, [(copy.data as Float32Array).buffer as ArrayBuffer]);
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
