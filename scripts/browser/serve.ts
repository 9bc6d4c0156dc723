/** A page with the bundle and the .wasm files, isolated so that wasm may use threads. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const TYPES: Record<string, string> = { '.js': 'text/javascript', '.wasm': 'application/wasm' };

const wasmFolder = path.dirname(
  createRequire(path.resolve('package.json')).resolve('@tensorflow/tfjs-backend-wasm'),
);

/** @returns the page's address, and how to stop */
export async function serve(bundle: string): Promise<{ address: string; close: () => void }> {
  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    if (url === '/') {
      response
        .setHeader('Content-Type', 'text/html')
        .end('<script type="module" src="/page.js"></script>');
      return;
    }
    const file = url === '/page.js' ? bundle : path.join(wasmFolder, path.basename(url));
    readFile(file).then(
      (content) =>
        response.setHeader('Content-Type', TYPES[path.extname(file)] ?? 'text/plain').end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
