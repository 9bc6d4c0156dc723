/** `npm run site:picture`: makes docs/playground.png, the playground as it explains a photo. */
import path from 'node:path';
import { build, preview } from 'vite';
import { launchChromium } from '../browser/chromium.js';

const root = path.join(import.meta.dirname, '../..');
const playground = path.join(root, 'examples/playground');

/** What is shown: the cherry on the spoon, which the model takes for a sports ball. */
const LINK = new URLSearchParams({
  photo: 'spoon',
  class: '32',
  maps: 'gradCam vanillaGradient smooth',
  show: 'smooth',
  samples: '50',
});

await build({ root: playground, logLevel: 'warn' });
const server = await preview({ root: playground, preview: { port: 0, host: '127.0.0.1' } });
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${server.resolvedUrls!.local[0]!}#${LINK.toString()}`);
  await page.waitForFunction(() => document.querySelector('progress')?.value === 1, undefined, {
    timeout: 300_000,
  });
  await page.locator('#overlay[aria-busy=false]').waitFor();
  await page.screenshot({ path: path.join(root, 'docs/playground.png') });
} finally {
  await browser.close();
  await server.close();
}
