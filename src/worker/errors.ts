/** Errors across the boundary, with their messages and classes. */
import { GradientError } from '../gradient/gradientError.js';
import { OutOfMemoryError } from '../model/outOfMemoryError.js';
import type { Reply, EncodedError } from './protocol.js';

/** Takes the parts of an error that can cross. */
export function encodeError(thrown: unknown): EncodedError {
  const { name, message, stack, op, batchSize } = (
    typeof thrown === 'object' ? (thrown ?? {}) : {}
  ) as Partial<GradientError & OutOfMemoryError>;
  if (typeof message !== 'string')
    return { name: 'Error', message: String(thrown), stack: undefined };
  return { name: name ?? 'Error', message, stack, op, batchSize };
}

/** Returns the value of a reply, or throws its error. */
export function valueOf<T>(reply: Reply<T>): T {
  if ('value' in reply) return reply.value;
  throw decodeError(reply.error);
}

function decodeError({ name, message, stack, op, batchSize }: EncodedError): Error {
  const error = make();
  // Where it was thrown tells more than where it arrived.
  if (stack !== undefined) error.stack = stack;
  return error;

  function make(): Error {
    if (name === 'GradientError') return new GradientError(message, { op });
    if (name === 'OutOfMemoryError')
      return new OutOfMemoryError(message, { batchSize: batchSize ?? 1 });
    if (name === 'TypeError') return new TypeError(message);
    if (name === 'RangeError') return new RangeError(message);
    return Object.assign(new Error(message), { name });
  }
}
