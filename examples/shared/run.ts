import { types } from 'node:util';
import { GradientError, OutOfMemoryError } from 'tfjs-saliency';
import { FileError } from 'tfjs-saliency/node';

/**
 * What the user gave is wrong: a file, an option. Its message is one line that says what and where.
 */
export class InputError extends Error {
  override name = 'InputError';
}

/** Tells whether the library refused something: its messages begin with a function's name. */
export function isLibraryError(error: unknown): error is Error {
  if (error instanceof GradientError || error instanceof OutOfMemoryError) return true;
  const isOfArguments = error instanceof TypeError || error instanceof RangeError;
  return isOfArguments && /^[\w.()]+: /.test(error.message);
}

/**
 * Runs a command-line program. Bad input, what the library refuses and what the system does (a full
 * disk, a folder without permission) end it with one line on stderr and exit code 1; anything else
 * is a fault of the program and keeps its stack trace.
 */
export async function run(program: string, main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    // Not rethrown: the wasm backend's listener for uncaught errors would print its own source, 100
    // kB on one line.
    process.stderr.write(
      isUsersToMend(error) ? `${program}: ${error.message}\n` : `${stackOf(error)}\n`,
    );
    process.exitCode = 1;
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error && error.stack !== undefined ? error.stack : String(error);
}

function isUsersToMend(error: unknown): error is Error {
  if (error instanceof InputError || error instanceof FileError) return true;
  if (isLibraryError(error)) return true;
  if (!types.isNativeError(error)) return false; // of any realm, as a test has
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall !== undefined || (code?.startsWith('ERR_PARSE_ARGS') ?? false);
}
