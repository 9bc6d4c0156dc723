import path from 'node:path';
import { build } from 'tsup';

/** Bundles a script with all that it imports into `folder`/page.js. */
export async function bundle(script: string, folder: string): Promise<string> {
  await build({
    entry: { page: script },
    outDir: folder,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    noExternal: [/.*/],
    splitting: false,
    config: false,
    silent: true,
    outExtension: () => ({ js: '.js' }),
  });
  return path.join(folder, 'page.js');
}
