/** A call's arguments, made ready to cross, and sent. */
import { transfer } from 'comlink';
import type { Remote } from 'comlink';
import { toBeNamed } from '../../inFunction.js';
import { copyOf, encodeInput } from '../encodeInput.js';
import type { Wrap } from '../encodeInput.js';
import { encodeOptions } from '../encodeOptions.js';
import type { MethodCall, Reply, Service } from '../protocol.js';
import type { Connection } from './connection.js';
import { withKey } from './modelRef.js';

export interface EncodedCall<Call extends MethodCall> {
  /** Sends the call to a worker, with a copy of the input. */
  send<T>(
    connection: Connection,
    ask: (service: Remote<Service>, call: Call) => Promise<Reply<T>>,
  ): Promise<T>;
  readonly wrap: Wrap;
  dispose(): void;
}

/**
 * Encodes a call's arguments; reads the input before it returns its promise.
 * @param workers how many the call will be sent to at most
 * @throws TypeError or RangeError (as a rejection) for what cannot cross
 */
export async function encodeCall<Call extends MethodCall>(
  modelRef: unknown,
  input: unknown,
  options: object,
  rest:
    | Omit<Call, 'source' | 'input' | 'options'>
    | Promise<Omit<Call, 'source' | 'input' | 'options'>>,
  workers: number,
): Promise<EncodedCall<Call>> {
  const [{ input: encodedInput, wrap }, encoded, others] = await Promise.all([
    encodeInput(input),
    encodeOptions(options),
    rest,
  ]);
  const model = withKey(modelRef);

  let left = workers;
  const callFor = (connection: Connection): Call => {
    const copy = --left > 0 ? copyOf(encodedInput) : encodedInput;
    const source = connection.sourceOf(model);
    const call = { ...others, source, input: copy, options: encoded } as unknown as Call;
    return copy.kind === 'bitmap' ? call : transfer(call, [copy.data.buffer as ArrayBuffer]);
  };
  return {
    async send(connection, ask) {
      try {
        return await connection.call((service) => ask(service, callFor(connection)));
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
        connection.forget(model.key);
        const expected = 'the arguments must be data that can be sent to a worker';
        throw toBeNamed(new TypeError(`${expected} (${error.message})`, { cause: error }));
      }
    },
    wrap,
    dispose() {
      if (encodedInput.kind === 'bitmap') encodedInput.bitmap.close();
    },
  };
}
