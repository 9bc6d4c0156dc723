/** A model's files on a server. */
import { FileError } from './fileError.js';
import type { ModelFiles } from './modelFiles.js';
import { otherFormat } from './otherFormats.js';

/** Tells URLs from paths. */
export function isUrl(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

/**
 * Opens a model's files on a server.
 *
 * @param location - the URL of the JSON file, or of the folder with the `model.json`
 * @throws FileError if that is no URL, or one of another format.
 */
export function remoteFiles(location: string): ModelFiles {
  if (!URL.canParse(location)) throw new FileError(location, 'not a URL');
  const json = new URL(location);
  const error = otherFormat(json.origin + json.pathname);
  if (error !== undefined) throw error;
  if (!json.pathname.endsWith('.json'))
    json.pathname = `${json.pathname.replace(/\/$/, '')}/model.json`;
  return {
    json: json.href,
    locate(name) {
      const url = new URL(name, json);
      url.search = json.search; // the key of a signed URL
      if (url.origin === json.origin) return Promise.resolve(url.href);
      const reason = `names weights on another server, '${name}', which is refused`;
      return Promise.reject(new FileError(json.href, reason));
    },
    read,
  };
}

async function read(url: string): Promise<ArrayBuffer> {
  let response: Response;
  try {
    response = await fetch(url);
    if (response.ok) return await response.arrayBuffer();
  } catch (error) {
    throw new FileError(url, `cannot be fetched (${reasonOf(error as Error)})`, { cause: error });
  }
  throw new FileError(url, `HTTP status ${response.status}`);
}

/** fetch itself says no more than 'fetch failed'. */
function reasonOf({ message, cause }: Error): string {
  const { code, message: reason } = (cause ?? {}) as NodeJS.ErrnoException;
  return code ?? reason ?? message;
}
