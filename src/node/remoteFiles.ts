/** A model's files on a server. */
import { FileError } from './fileError.js';
import type { ModelFiles } from './modelFiles.js';
import { otherFormat } from './otherFormats.js';

/**
 * Opens a model's files on a server.
 *
 * @param location - the URL of the JSON file, or of the folder with the `model.json`
 * @param read - downloads a file
 * @throws FileError if that is no URL, or one of another format.
 */
export function remoteFiles(location: string, read: ModelFiles['read']): ModelFiles {
  if (!URL.canParse(location)) throw new FileError(location, 'not a URL');
  const json = new URL(location);
  const error = otherFormat(json.origin + json.pathname);
  if (error !== undefined) throw error;
  if (!json.pathname.endsWith('.json'))
    json.pathname = `${json.pathname.replace(/\/$/, '')}/model.json`;
  return {
    json: json.href,
    locate(name) {
      const url = URL.canParse(name, json.href) ? new URL(name, json) : new URL('about:blank');
      url.search = json.search; // the key of a signed URL
      const isElsewhere = url.origin !== json.origin;
      // A blob: URL has the origin of its page.
      const isInside = !isElsewhere && url.pathname.startsWith(new URL('.', json).pathname);
      if (isInside) return Promise.resolve(url.href);
      const where = isElsewhere ? 'on another server' : 'outside of its folder';
      const reason = `names weights ${where}, '${name}', which is refused`;
      return Promise.reject(new FileError(json.href, reason));
    },
    read,
  };
}
