/** A page of ours in Chromium: the script bundled, served beside tfjs's .wasm files, and opened. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { bundle } from './bundle.js';
import { launchChromium } from './chromium.js';
import type { Gpu } from './chromium.js';
import { serve } from './serve.js';

/**
 * @param script a TypeScript file that sets a global function when it is ready
 * @param ready the name of that function
 */
export async function withPage<T>(
  script: string,
  ready: string,
  use: (page: Page) => Promise<T>,
  gpu?: Gpu,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tfjs-saliency-'));
  try {
    const server = await serve(await bundle(script, folder));
    try {
      const browser = await launchChromium(gpu);
      try {
        const page = await browser.newPage();
        page.on('pageerror', (error) => console.error(error));
        await page.exposeFunction('progress', (line: string) => console.error(line));
        await page.goto(server.address);
        await page.waitForFunction((name) => name in window, ready);
        return await use(page);
      } finally {
        await browser.close();
      }
    } finally {
      server.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
