/**
 * `npm run conformance`: every case of test/conformance on each backend of a headless Chromium, the library beside plain
 * tf.grad. CHROMIUM names the browser's binary, RESULTS a file for the single verdicts (JSON).
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'tsup';
import { serve } from './serve.js';
import { tableOf } from './table.js';
import { TOLERANCE } from '../../test/conformance/judge.js';
import { WAYS } from './verdicts.js';
import type { Results } from './verdicts.js';

/** WebGL and WebGPU in software, so that a machine without a GPU gives the same verdicts. */
const FLAGS = [
  '--no-sandbox',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan,WebGPU',
  '--use-webgpu-adapter=swiftshader',
];

const BINARIES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

function findBrowser(): string {
  const browser = process.env['CHROMIUM'] ?? BINARIES.find((file) => existsSync(file));
  if (browser === undefined) {
    throw new Error(
      `no Chromium at ${BINARIES.join(', ')}: install one (Debian: apt-get install chromium) or name it in CHROMIUM`,
    );
  }
  return browser;
}

async function bundle(folder: string): Promise<string> {
  await build({
    entry: { page: path.join(import.meta.dirname, 'page.ts') },
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

async function runInBrowser(address: string): Promise<Results> {
  const browser = await chromium.launch({ executablePath: findBrowser(), args: FLAGS });
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(error));
    await page.exposeFunction('progress', (line: string) => console.error(line));
    await page.goto(address);
    await page.waitForFunction(() => 'runConformance' in window);
    return await page.evaluate((threads) => window.runConformance(threads), Math.max(2, availableParallelism()));
  } finally {
    await browser.close();
  }
}

/** Whether nothing of the library's own is wrong. */
const isRight = ({ rows, networks }: Results): boolean =>
  rows.every(({ way, state }) => way !== WAYS[0] || (state !== 'wrong' && state !== 'throws')) &&
  networks.every(({ distances }) => distances.every((each) => each <= TOLERANCE));

const folder = await mkdtemp(path.join(tmpdir(), 'conformance-'));
try {
  const server = await serve(await bundle(folder));
  const results = await runInBrowser(server.address).finally(server.close);
  if (process.env['RESULTS'] !== undefined) await writeFile(process.env['RESULTS'], JSON.stringify(results));
  console.log(tableOf(results));
  if (!isRight(results)) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true });
}
