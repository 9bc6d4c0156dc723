/** An example page as Vite builds it, served from a folder of its own and opened in Chromium. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.join(__dirname, '../..');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.jpg': 'image/jpeg',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

export interface Site {
  readonly address: string;
  close(): Promise<void>;
}

/** @param example - a folder of examples/, or the path of one elsewhere, with a vite.config.ts */
export async function openSite(example: string): Promise<Site> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tfjs-saliency-site-'));
  await buildInto(folder, example);
  const server = await serveFolder(folder);
  return {
    address: server.address,
    async close() {
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Opens the playground, built once for all tests that open it. */
export async function openPlaygroundSite(): Promise<Site> {
  const server = await serveFolder(await buildPlayground());
  return {
    address: server.address,
    close() {
      server.close();
      return Promise.resolve();
    },
  };
}

const CACHE = path.join(root, 'node_modules/.cache/tfjs-saliency');

/**
 * Builds the playground, unless that has been done since the files it is made of changed.
 *
 * @returns its folder, which stays for the next run
 */
export async function buildPlayground(): Promise<string> {
  const folder = path.join(
    CACHE,
    `playground-${await hashOf('src', 'examples', 'package-lock.json')}`,
  );
  if (existsSync(folder)) return folder;
  await rm(CACHE, { recursive: true, force: true });
  await mkdir(CACHE, { recursive: true });
  const unfinished = await mkdtemp(path.join(CACHE, 'unfinished-'));
  await buildInto(unfinished, 'playground');
  await rename(unfinished, folder);
  return folder;
}

/** A hash of the names and contents of files, those in folders and their folders included. */
async function hashOf(...names: string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const name of names) {
    const entries = statSync(path.join(root, name)).isDirectory()
      ? (await readdir(path.join(root, name), { recursive: true })).map((entry) =>
          path.join(name, entry),
        )
      : [name];
    for (const file of entries.sort()) {
      if (statSync(path.join(root, file)).isDirectory()) continue;
      hash.update(file).update(await readFile(path.join(root, file)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

async function buildInto(folder: string, example: string): Promise<void> {
  const vite = path.join(root, 'node_modules/vite/bin/vite.js');
  const source = path.resolve(root, 'examples', example);
  const flags = ['--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'];
  await promisify(execFile)(process.execPath, [vite, 'build', source, ...flags]);
}

async function serveFolder(folder: string): Promise<{ address: string; close: () => void }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = path.join(folder, pathname === '/' ? 'index.html' : decodeURIComponent(pathname));
    readFile(file).then(
      (content) =>
        response
          .setHeader('Content-Type', TYPES[path.extname(file)] ?? 'application/octet-stream')
          .end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
