import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'vite';
import { centernetGraph, sizesFile } from './centernetGraph.js';

const packages = path.join(import.meta.dirname, '../../node_modules');

/** A path below node_modules, or what makes the content. */
type Source = string | (() => string | Uint8Array);

/**
 * A plugin of Vite: files of npm packages under addresses of our own, from its server as well as in
 * what it builds. Your own model and photos need no such thing, they go into the folder `public`.
 *
 * @param files - by address, relative to the page
 */
export function packageFiles(files: Readonly<Record<string, Source>>): Plugin {
  const read = async (source: Source): Promise<string | Uint8Array> =>
    typeof source === 'string' ? readFile(path.join(packages, source)) : source();
  return {
    name: 'package-files',
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        const address = (request.url ?? '').replace(/^\/|[?#].*$/g, '');
        const source = files[address];
        if (source === undefined) {
          next();
          return;
        }
        if (address.endsWith('.js')) response.setHeader('Content-Type', 'text/javascript');
        read(source).then((content) => response.end(content), next);
      });
    },
    async generateBundle() {
      for (const [fileName, source] of Object.entries(files)) {
        this.emitFile({ type: 'asset', fileName, source: await read(source) });
      }
    },
  };
}

/** CenterNet as a classifier of photos of `side` x `side` pixels: `model/centernet-256.json`. */
export function centernetFiles(side: number): Readonly<Record<string, Source>> {
  const detector = (): string =>
    readFileSync(path.join(packages, '@vladmandic/human/models/centernet.json'), 'utf8');
  return {
    [`model/centernet-${side}.json`]: () => centernetGraph(detector(), side).json,
    [`model/${sizesFile(side)}`]: () => centernetGraph(detector(), side).sizes,
    'model/centernet.bin': '@vladmandic/human/models/centernet.bin',
  };
}

/** A photo of a plate of food. */
export const foodPhoto = { 'photos/food.jpg': 'colorthief/examples/img/image-1.jpg' } as const;
