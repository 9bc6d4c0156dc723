/** Expects `call` to throw an error of exactly this class and message, and returns it. */
export function expectError<E extends Error>(
  call: () => unknown,
  kind: abstract new (...args: never[]) => E,
  message: string,
): E {
  let thrown: unknown;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(kind);
  expect((thrown as E).message).toBe(message);
  return thrown as E;
}
