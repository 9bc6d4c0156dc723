/** Pages as Vite builds them, once for all tests, and served. */
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

/** Opens the playground, built once for all tests that open it, with the small model beside it. */
export async function openPlaygroundSite(): Promise<Site> {
  const models = path.join(root, 'node_modules/@vladmandic/human/models');
  return serveFolder(await buildOnce('examples/playground'), {
    'small/model.json': () => readFile(path.join(models, 'liveness.json')),
    'small/liveness.bin': () => readFile(path.join(models, 'liveness.bin')),
    'small/metadata.json': () => Promise.resolve(Buffer.from('{ "labels": ["fake", "real"] }')),
  });
}

/** Opens a folder with a vite.config.ts, built once. */
export async function openSite(folder: string): Promise<Site> {
  return serveFolder(await buildOnce(folder));
}

/** Builds a folder anew and opens it. */
export async function openNewSite(folder: string): Promise<Site> {
  const built = await mkdtemp(path.join(tmpdir(), 'tfjs-saliency-site-'));
  await buildInto(built, folder);
  const site = await serveFolder(built);
  return {
    ...site,
    async close() {
      await site.close();
      await rm(built, { recursive: true });
    },
  };
}

const CACHE = path.join(root, 'node_modules/.cache/tfjs-saliency');

/** What several tests open. */
const SITES = ['examples/playground', 'test/browser/pages'];

/** Builds what several tests open, unless that has been done since the files it is made of changed. */
export async function buildSites(): Promise<void> {
  const folder = await cacheFolder();
  if (!existsSync(folder)) await rm(CACHE, { recursive: true, force: true });
  for (const site of SITES) await buildOnce(site);
}

let hash: Promise<string> | undefined;

async function cacheFolder(): Promise<string> {
  hash ??= hashOf('src', 'examples', 'test/browser/pages', 'package-lock.json');
  return path.join(CACHE, `sites-${await hash}`);
}

/** @returns its folder, which stays for the next run */
async function buildOnce(source: string): Promise<string> {
  const folder = path.join(await cacheFolder(), source.replaceAll('/', '-'));
  if (existsSync(folder)) return folder;
  await mkdir(path.dirname(folder), { recursive: true });
  const unfinished = await mkdtemp(path.join(path.dirname(folder), 'unfinished-'));
  await buildInto(unfinished, source);
  // Another run of the tests may have been faster.
  if (existsSync(folder)) await rm(unfinished, { recursive: true });
  else await rename(unfinished, folder);
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

async function buildInto(folder: string, source: string): Promise<void> {
  const vite = path.join(root, 'node_modules/vite/bin/vite.js');
  const flags = ['--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'];
  await promisify(execFile)(process.execPath, [
    vite,
    'build',
    path.resolve(root, source),
    ...flags,
  ]);
}

/** @param others - files beside those of the folder, by address */
export async function serveFolder(
  folder: string,
  others: Readonly<Record<string, () => Promise<Buffer>>> = {},
): Promise<Site> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const name = pathname === '/' ? 'index.html' : decodeURIComponent(pathname.slice(1));
    (others[name]?.() ?? readFile(path.join(folder, name))).then(
      (content) =>
        response
          .setHeader('Content-Type', TYPES[path.extname(name)] ?? 'application/octet-stream')
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
      return Promise.resolve();
    },
  };
}
