/** Errors across the boundary, with their messages and classes. */
import { GradientError } from '../gradient/gradientError.js';
import { OutOfMemoryError } from '../model/outOfMemoryError.js';
import type { Reply, SentError } from './protocol.js';

export function sentError(thrown: unknown): SentError {
  const { name, message, stack, op, batchSize } = (
    typeof thrown === 'object' ? (thrown ?? {}) : {}
  ) as Partial<GradientError & OutOfMemoryError>;
  if (typeof message !== 'string')
    return { name: 'Error', message: String(thrown), stack: undefined };
  return { name: name ?? 'Error', message, stack, op, batchSize };
}

/** The value, or else throws the error anew. */
export function valueOf<T>(reply: Reply<T>): T {
  if ('value' in reply) return reply.value;
  throw revived(reply.error);
}

function revived({ name, message, stack, op, batchSize }: SentError): Error {
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
