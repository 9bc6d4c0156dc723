import { File, ready } from 'h5wasm/node';
import { checkFile } from '../shared/files.js';
import { InputError } from '../shared/run.js';

/**
 * Opens an HDF5 file in place (it is not read into memory), and closes it after `use`.
 *
 * @throws InputError if there is no such file, or it is not HDF5, cut short or damaged.
 */
export async function withHdf5<T>(path: string, use: (file: File) => T): Promise<T> {
  await checkFile(path);
  // Otherwise h5wasm prints HDF5's trouble to stderr and carries on with an invalid file.
  (await ready).activate_throwing_error_handler();
  try {
    const file = new File(path, 'r');
    try {
      return use(file);
    } finally {
      file.close();
    }
  } catch (error) {
    throw explained(path, error);
  }
}

/** HDF5 reports a stack of `#nnn: source line in function(): reason`, outermost first. */
function explained(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !error.message.startsWith('HDF5-DIAG')) return error;
  const reasons = [...error.message.matchAll(/#\d+: .* in \w+\(\): (.*)/g)].map(
    (match) => match[1]!,
  );
  const innermost = reasons.at(-1) ?? 'for a reason HDF5 does not give';
  if (innermost.includes('file signature')) return new InputError(`${path}: not an HDF5 file`);
  const lengths = /truncated file: eof = (\d+), .*stored_eof = (\d+)/.exec(innermost);
  if (lengths !== null) {
    const [, found, expected] = lengths;
    return new InputError(
      `${path}: cut short: it should be ${expected!} bytes long and is ${found!} (download it again)`,
    );
  }
  return new InputError(`${path}: damaged: HDF5 cannot read it (${innermost})`);
}
