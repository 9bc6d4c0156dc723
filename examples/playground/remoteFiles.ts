/** A model's files, wherever they are, and those on a server. */

export interface ModelFiles {
  /** The name or URL of the JSON file. */
  readonly json: string;
  /**
   * The name or URL of a file that the JSON names relative to itself.
   * @throws Error in one line if that is outside of the folder of a JSON on a server.
   */
  locate(name: string): string;
  /** @throws Error in one line if it cannot be had. */
  read(location: string): Promise<ArrayBuffer>;
}

/**
 * Finds a model's files on a server.
 *
 * @param location - the URL of the JSON file, or of the folder with the `model.json`
 */
export function remoteFiles(location: string): ModelFiles {
  if (!URL.canParse(location)) throw new Error(`${location}: not a URL`);
  const json = new URL(location);
  if (!json.pathname.endsWith('.json'))
    json.pathname = `${json.pathname.replace(/\/$/, '')}/model.json`;
  return {
    json: json.href,
    locate(name) {
      const url = URL.canParse(name, json.href) ? new URL(name, json) : undefined;
      // Another server must not get the key.
      if (url?.origin !== json.origin || !url.pathname.startsWith(new URL('.', json).pathname))
        throw new Error(`${json.href}: names a file outside of its folder, '${name}'`);
      url.search = json.search; // the key of a signed URL
      return url.href;
    },
    read,
  };
}

async function read(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url).catch((error: unknown) => {
    throw new Error(`${url}: cannot be fetched (${(error as Error).message})`);
  });
  if (!response.ok) throw new Error(`${url}: HTTP status ${response.status}`);
  return response.arrayBuffer();
}
