import type { ModelFiles } from './modelFiles.js';
import { InputError } from './run.js';

/**
 * A model's files on a server, for Node and browsers.
 *
 * @param location - the URL of the JSON file, or of the folder with the `model.json`
 */
export function remoteFiles(location: string): ModelFiles {
  if (!URL.canParse(location)) throw new InputError(`${location}: not a URL`);
  const json = new URL(location);
  if (!json.pathname.endsWith('.json'))
    json.pathname = `${json.pathname.replace(/\/$/, '')}/model.json`;
  return {
    json: json.href,
    locate(name) {
      const url = new URL(name, json);
      url.search = json.search; // the key of a signed URL
      return url.href;
    },
    async read(url) {
      try {
        const response = await fetch(url);
        if (response.ok) return await response.arrayBuffer();
        throw new InputError(`${url}: HTTP status ${response.status}`);
      } catch (error) {
        if (error instanceof InputError) throw error;
        throw new InputError(`${url}: cannot be fetched (${reasonOf(error as Error)})`);
      }
    },
  };
}

/** fetch itself says no more than 'fetch failed'. */
function reasonOf({ message, cause }: Error): string {
  const { code, message: reason } = (cause ?? {}) as NodeJS.ErrnoException;
  return code ?? reason ?? message;
}
