/**
 * For toThrow: an error of this very class and message; `toThrow(error)` itself compares messages
 * alone.
 */
export function exactly(error: Error): Error {
  return expect.objectContaining({ name: error.name, message: error.message }) as Error;
}
