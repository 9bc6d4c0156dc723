/**
 * Reports a file, folder or URL that is missing or not what was expected.
 *
 * Its message is one line: the path, what is wrong with it, and the way out.
 */
export class FileError extends Error {
  override readonly name = 'FileError';
  /** The path or URL. */
  readonly path: string;

  constructor(path: string, reason: string, options: { cause?: unknown } = {}) {
    const line = reason.trim().replace(/\s*\n\s*/g, ' ');
    // A name of a file may have line ends in it.
    const message = `${path.replace(/[\r\n\u2028\u2029]/g, ' ')}: ${line}`;
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.path = path;
  }
}
