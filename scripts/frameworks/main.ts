/**
 * `npm run test:frameworks`: the templates of examples/ as their users have them: copied into an
 * empty folder, installed from the npm registry with the packed library, built, and opened.
 *
 * npm run test:frameworks -- react svelte
 */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { ensureChromium } from '../browser/install.js';
import { findChromium } from '../browser/chromium.js';
import { writeAssets } from './assets.js';
import { checkPage } from './checkPage.js';

interface Template {
  readonly name: string;
  /** Serves the build on a port. */
  readonly serve: (port: number) => readonly string[];
}

const preview = (port: number): string[] => [
  'vite',
  'preview',
  '--port',
  `${port}`,
  '--strictPort',
];

const TEMPLATES: readonly Template[] = [
  { name: 'react', serve: preview },
  { name: 'svelte', serve: preview },
  { name: 'next', serve: (port) => ['next', 'start', '--port', `${port}`] },
];

const root = path.resolve(import.meta.dirname, '../..');
const wanted = process.argv.slice(2);
const folder = mkdtempSync(path.join(tmpdir(), 'frameworks-'));
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: undefined };

function run(cwd: string, command: string, ...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`);
}

/** Packs the library as it would be published. */
function pack(): string {
  run(root, 'npm', 'pack', '--pack-destination', folder);
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return path.join(folder, `tfjs-saliency-${version}.tgz`);
}

/** Copies a template, and installs and builds it. */
async function build({ name }: Template, packed: string): Promise<string> {
  const copy = path.join(folder, name);
  cpSync(path.join(root, 'examples', name), copy, { recursive: true });
  const file = path.join(copy, 'package.json');
  const json = JSON.parse(readFileSync(file, 'utf8')) as { dependencies: Record<string, string> };
  json.dependencies['tfjs-saliency'] = `file:${packed}`;
  writeFileSync(file, JSON.stringify(json));
  mkdirSync(path.join(copy, 'public'), { recursive: true });
  await writeAssets(path.join(copy, 'public'));
  run(copy, 'npm', 'install', '--no-audit', '--no-fund');
  run(copy, 'npm', 'run', 'build');
  return copy;
}

async function open(browser: Browser, cwd: string, { serve }: Template, port: number) {
  const [command, ...args] = serve(port);
  const bin = path.join(cwd, 'node_modules/.bin', command!);
  const server: ChildProcess = spawn(bin, args, { cwd, env, stdio: 'ignore' });
  try {
    await checkPage(browser, `http://localhost:${port}/`);
  } finally {
    server.kill();
  }
}

ensureChromium();
const browser = await chromium.launch({
  executablePath: findChromium()!,
  args: ['--no-sandbox', '--no-first-run', '--disable-background-networking'],
});
let failed = 0;
try {
  const packed = pack();
  for (const [i, template] of TEMPLATES.entries()) {
    if (wanted.length > 0 && !wanted.includes(template.name)) continue;
    const start = performance.now();
    try {
      await open(browser, await build(template, packed), template, 4701 + i);
      console.log(`${template.name}: built and opened, ${seconds(start)} s`);
    } catch (error) {
      failed++;
      console.error(`${template.name}: ${(error as Error).message}`);
    }
  }
  if (wanted.length === 0 || wanted.includes('node-server')) {
    const start = performance.now();
    try {
      run(root, 'npx', 'jest', 'examples/node-server', '--selectProjects', 'examples');
      console.log(`node-server: called over HTTP, ${seconds(start)} s`);
    } catch (error) {
      failed++;
      console.error(`node-server: ${(error as Error).message}`);
    }
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;

function seconds(start: number): number {
  return Math.round((performance.now() - start) / 1000);
}
