/** The Chromium of this machine, or the one that the variable CHROMIUM names, without a window. */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserServer, LaunchOptions } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const WEBGPU = ['--enable-unsafe-webgpu', '--enable-features=Vulkan,WebGPU'];
/** WebGL and WebGPU in software, so that a machine without a GPU gives the same results. */
const SOFTWARE = [
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--use-webgpu-adapter=swiftshader',
];

export type Gpu = 'software' | 'hardware';

/**
 * Finds the Chromium that CHROMIUM names, one in PATH, or the one that Playwright has downloaded.
 *
 * @throws Error if CHROMIUM names a file that is not there
 */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM'];
  if (named !== undefined && named !== '') {
    if (!isExecutable(named)) throw new Error(`CHROMIUM must name a program, got '${named}'`);
    return named;
  }
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const inPath = NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...inPath, chromium.executablePath()].find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function launchChromium(gpu: Gpu = 'software'): Promise<Browser> {
  return chromium.launch(launchOptions(gpu));
}

/** Launches a Chromium to which other processes connect. */
export function serveChromium(gpu: Gpu = 'software'): Promise<BrowserServer> {
  return chromium.launchServer(launchOptions(gpu));
}

/** Its camera shows a test picture, and is allowed where a test allows it. */
function launchOptions(gpu: Gpu): LaunchOptions {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error(
      'no Chromium in PATH: install one (Debian: apt-get install chromium) or name it in CHROMIUM',
    );
  }
  const args = ['--no-sandbox', '--use-fake-device-for-media-stream', ...WEBGPU];
  return { executablePath, args: gpu === 'software' ? [...args, ...SOFTWARE] : args };
}
