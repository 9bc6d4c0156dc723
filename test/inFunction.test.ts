// Oracle: the message and the stack, each with the function's name once, whoever writes the stack.
import { wrongType } from '../src/checks.js';
import { inFunction } from '../src/inFunction.js';

function thrown(): Error {
  try {
    return inFunction('overlay', () => {
      throw wrongType('alpha', 'a number', 'x');
    });
  } catch (error) {
    return error as Error;
  }
}

const MESSAGE = "overlay: alpha must be a number, got 'x'";

describe("the function's name before an error", () => {
  const { prepareStackTrace } = Error;
  afterEach(() => {
    Error.prepareStackTrace = prepareStackTrace;
  });

  const writers: [string, typeof Error.prepareStackTrace][] = [
    ['as it is written here', prepareStackTrace],
    ['as a hook for source maps writes it, at the first look', (error) => `${String(error)}\n at`],
  ];

  test.each(writers)('is in its message and its stack once: %s', (_, hook) => {
    Error.prepareStackTrace = hook;
    const { message, stack } = thrown();
    expect(message).toBe(MESSAGE);
    expect(stack!.split('\n')[0]).toBe(`TypeError: ${MESSAGE}`);
  });
});
