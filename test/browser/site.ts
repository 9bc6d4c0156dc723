/** An example page as Vite builds it, served from a folder of its own and opened in Chromium. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
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
  const vite = path.join(root, 'node_modules/vite/bin/vite.js');
  const flags = ['--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'];
  await promisify(execFile)(process.execPath, [
    vite,
    'build',
    path.resolve(root, 'examples', example),
    ...flags,
  ]);
  const server = await serveFolder(folder);
  return {
    address: server.address,
    async close() {
      server.close();
      await rm(folder, { recursive: true });
    },
  };
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
