import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'vite';

const packages = path.join(import.meta.dirname, '../../node_modules');

/**
 * A plugin of Vite: files of npm packages under addresses of our own, from its server as well as in
 * what it builds. Your own model and photos need no such thing, they go into the folder `public`.
 *
 * @param files - by address, relative to the page: the path below node_modules
 */
export function packageFiles(files: Readonly<Record<string, string>>): Plugin {
  const read = (file: string): Promise<Buffer> => readFile(path.join(packages, file));
  return {
    name: 'package-files',
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        const file = files[(request.url ?? '').replace(/^\/|[?#].*$/g, '')];
        if (file === undefined) {
          next();
          return;
        }
        if (file.endsWith('.js')) response.setHeader('Content-Type', 'text/javascript');
        read(file).then((content) => response.end(content), next);
      });
    },
    async generateBundle() {
      for (const [fileName, file] of Object.entries(files)) {
        this.emitFile({ type: 'asset', fileName, source: await read(file) });
      }
    },
  };
}

/** CenterNet of @vladmandic/human and the photo of a plate of food that it is shown with. */
export const centernetFiles = {
  'model/centernet.json': '@vladmandic/human/models/centernet.json',
  'model/centernet.bin': '@vladmandic/human/models/centernet.bin',
  'photos/food.jpg': 'colorthief/examples/img/image-1.jpg',
} as const;
