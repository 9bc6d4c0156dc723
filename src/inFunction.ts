/** Puts the name of the public function before the messages of the library's errors, once. */

/** The library's errors whose message does not name a function yet. */
const unnamed = new WeakSet<object>();

/** Marks an error as one to which {@link inFunction} adds the function's name. */
export function toBeNamed<E extends Error>(error: E): E {
  unnamed.add(error);
  return error;
}

/**
 * Runs a public function's body and puts its name before our errors.
 *
 * The innermost public function names the error; errors of the user's code stay as they are.
 */
export function inFunction<T>(name: string, body: () => T): T {
  const rethrow = (error: unknown): never => {
    throw named(name, error);
  };
  try {
    const result = body();
    return result instanceof Promise ? (result.catch(rethrow) as T) : result;
  } catch (error) {
    return rethrow(error);
  }
}

/** Puts the function's name before an error that is ours and has no name yet. */
export function named(name: string, error: unknown): unknown {
  if (!(error instanceof Error) || !unnamed.delete(error)) return error;
  // The stack has the message in it, which V8 or a source map's hook writes when it is first read.
  const { message, stack } = error;
  error.message = `${name}: ${message}`;
  if (stack !== undefined) error.stack = stack.replace(message, error.message);
  return error;
}
