/** The code that the playground writes, run: it draws what lay over the photo. */
import type { Browser, Page } from 'playwright-core';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { launchChromium } from '../../scripts/browser/chromium.js';
import { correlation, pixelsOf } from './pixels.js';
import { hasFinished, openPlayground, openWithSmallModel, slide } from './playground.js';
import { openSite, openPlaygroundSite } from './site.js';
import type { Site } from './site.js';
import { watchErrors } from './watch.js';

const root = path.join(__dirname, '../..');

let browser: Browser;
let site: Site;
let folder: string;

beforeAll(async () => {
  mkdirSync(path.join(root, 'out'), { recursive: true });
  folder = mkdtempSync(path.join(root, 'out/code-')); // below the project, so that the code finds its packages
  [browser, site] = await Promise.all([launchChromium(), openPlaygroundSite()]);
});

afterAll(async () => {
  await browser.close();
  await site.close();
  rmSync(folder, { recursive: true });
});

const CONFIG = `
import { centernetFiles, packageFiles } from '../../examples/shared/packageFiles.js';
export default {
  root: import.meta.dirname,
  resolve: { alias: { 'tfjs-saliency': new URL('../../src/index.ts', import.meta.url).pathname } },
  plugins: [packageFiles({
    ...centernetFiles,
    'liveness.json': '@vladmandic/human/models/liveness.json',
    'liveness.bin': '@vladmandic/human/models/liveness.bin',
    'tfjs-backend-wasm-simd.wasm': '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
  })],
};`;

const PAGE = `<!doctype html><link rel="icon" href="data:," />
<img src="photos/food.jpg" /><canvas></canvas><script type="module" src="./code.js"></script>`;

async function copiedCode(page: Page): Promise<string> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy code' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

/** What the code draws in a page of its own. */
async function drawingOf(code: string): Promise<Uint8ClampedArray> {
  writeFileSync(path.join(folder, 'vite.config.ts'), CONFIG);
  writeFileSync(path.join(folder, 'index.html'), PAGE);
  writeFileSync(path.join(folder, 'code.js'), `${code}document.body.dataset.done = '';\n`);
  const own = await openSite(folder);
  try {
    const page = await browser.newPage();
    const errors = watchErrors(page);
    await page.goto(own.address);
    await page.waitForSelector('body[data-done]', { timeout: 60_000 });
    expect(errors).toEqual([]);
    const { data } = await pixelsOf(page, 'canvas');
    await page.close();
    return data;
  } finally {
    await own.close();
  }
}

test.each(['vanilla', 'integrated', 'smooth', 'against', 'difference'])(
  "a model's file, the map '%s'",
  async (kind) => {
    const { page, errors } = await openWithSmallModel(browser, site.address);
    await slide(page, 'samples', 20);
    await slide(page, 'noise', 0.2);
    await page.getByRole('radio', { name: 'real' }).check();
    await hasFinished(page);
    if (kind === 'against' || kind === 'difference') {
      await page.getByLabel('Compare with').selectOption('fake');
      await hasFinished(page);
    }
    await page.locator(`.card:has([value=${kind}])`).click();
    await page.waitForTimeout(1000);
    const drawn = await drawingOf(await copiedCode(page));
    expect(correlation(drawn, (await pixelsOf(page, '#overlay')).data)).toBeGreaterThan(0.999);
    expect(errors).toEqual([]);
    await page.close();
  },
);

test('CenterNet, and no more samples than there were when the run was stopped', async () => {
  const { page, errors } = await openPlayground(browser, site.address);
  await page.getByRole('radio', { name: 'bowl' }).check();
  await page
    .locator('.card:has([value=smooth]) small', { hasText: '3 samples' })
    .waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.waitForTimeout(1000);
  const drawn = await drawingOf(await copiedCode(page));
  expect(correlation(drawn, (await pixelsOf(page, '#overlay')).data)).toBeGreaterThan(0.999);
  expect(errors).toEqual([]);
  await page.close();
});
