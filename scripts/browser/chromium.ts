/** Debian's Chromium, or the one that the environment variable CHROMIUM names, without a window. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const BINARIES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const WEBGPU = ['--enable-unsafe-webgpu', '--enable-features=Vulkan,WebGPU'];
/** WebGL and WebGPU in software, so that a machine without a GPU gives the same results. */
const SOFTWARE = [
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--use-webgpu-adapter=swiftshader',
];

export type Gpu = 'software' | 'hardware';

export function launchChromium(gpu: Gpu = 'software'): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? BINARIES.find((file) => existsSync(file));
  if (executablePath === undefined) {
    throw new Error(
      `no Chromium at ${BINARIES.join(', ')}: install one (Debian: apt-get install chromium) or name it in CHROMIUM`,
    );
  }
  const args = ['--no-sandbox', ...WEBGPU, ...(gpu === 'software' ? SOFTWARE : [])];
  return chromium.launch({ executablePath, args });
}
