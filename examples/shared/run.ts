import { FileError } from 'tfjs-saliency/node';

/**
 * What the user gave is wrong: a file, an option. Its message is one line that says what and where.
 */
export class InputError extends Error {
  override name = 'InputError';
}

/**
 * Runs a command-line program. Bad input and what the system refuses (a full disk, a folder without
 * permission) end it with one line on stderr and exit code 1; anything else is a fault of the
 * program and keeps its stack trace.
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
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall !== undefined || (code?.startsWith('ERR_PARSE_ARGS') ?? false);
}
