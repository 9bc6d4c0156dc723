/** Downloads with limits: a server may send without end, or nothing at all. */
import { checkPositiveInteger, outOfRange } from '../checks.js';
import { option, optionTable } from '../options.js';
import type { OptionsOf, ValuesOf } from '../options.js';
import { FileError } from './fileError.js';

export const downloadOptions = /* @__PURE__ */ optionTable(() => ({
  /** Of a URL: the greatest size in bytes, of all files together. Default: 1e9. */
  maxBytes: option<number>(checkPositiveInteger, 1_000_000_000),
  /** Of a URL: how many milliseconds a file may take. Default: 300 000, five minutes. */
  timeout: option<number>(checkTimeout, 300_000),
}));

/** Limits of what is downloaded. */
export type DownloadOptions = OptionsOf<typeof downloadOptions>;

/** Node's timers take no more, and fire at once instead. */
const LONGEST = 2 ** 31 - 1;

function checkTimeout(argument: string, value: unknown): asserts value is number {
  checkPositiveInteger(argument, value);
  if (value > LONGEST) throw outOfRange(argument, `at most ${LONGEST} milliseconds`, value);
}

/** Tells URLs from paths. */
export function isUrl(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

/**
 * Makes a function that downloads files, of `maxBytes` in all.
 * @throws FileError if a file cannot be had, or only beyond the limits.
 */
export function downloader({
  maxBytes,
  timeout,
}: ValuesOf<typeof downloadOptions>): (url: string) => Promise<ArrayBuffer> {
  let left = maxBytes;
  const tooLarge = (url: string): FileError =>
    new FileError(url, `more than ${maxBytes} bytes; a greater maxBytes would allow it`);
  const receive = async (url: string, { headers, body }: Response): Promise<ArrayBuffer> => {
    if (Number(headers.get('content-length')) > left) throw tooLarge(url);
    const parts: Uint8Array[] = [];
    // A length that was not announced, or was a lie; leaving the loop ends the transfer.
    for await (const part of body ?? []) {
      left -= part.byteLength;
      if (left < 0) throw tooLarge(url);
      parts.push(part);
    }
    return joined(parts);
  };
  return async (url) => {
    const signal = AbortSignal.timeout(timeout);
    try {
      const response = await fetch(url, { signal });
      if (response.ok) return await receive(url, response);
      await response.body?.cancel();
      throw new FileError(url, `HTTP status ${response.status}`);
    } catch (error) {
      if (error instanceof FileError) throw error;
      const reason = signal.aborted
        ? `took more than ${timeout} ms; a greater timeout would allow it`
        : `cannot be fetched (${reasonOf(error as Error)})`;
      throw new FileError(url, reason, { cause: error });
    }
  };
}

function joined(parts: readonly Uint8Array[]): ArrayBuffer {
  const whole = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole.buffer;
}

/** fetch itself says no more than 'fetch failed'. */
function reasonOf({ message, cause }: Error): string {
  const { code, message: reason } = (cause ?? {}) as NodeJS.ErrnoException;
  return code ?? reason ?? message;
}
