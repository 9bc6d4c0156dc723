/** The code that the playground writes, run: it draws what lay over the photo. */
import type { Browser, Page } from 'playwright-core';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import * as presets from '../../src/preprocessing/presets.js';
import { launchChromium } from '../../scripts/browser/chromium.js';
import { pixelsOf } from './pixels.js';
import type { Pixels } from './pixels.js';
import {
  hasFinished,
  humanFiles,
  openPlayground,
  openWithSmallModel,
  slide,
} from './playground.js';
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
const model = (name) => ({
  [name + '.json']: '@vladmandic/human/models/' + name + '.json',
  [name + '.bin']: '@vladmandic/human/models/' + name + '.bin',
});
export default {
  root: import.meta.dirname,
  resolve: { alias: { 'tfjs-saliency': new URL('../../src/index.ts', import.meta.url).pathname } },
  plugins: [packageFiles({
    ...centernetFiles,
    ...model('liveness'),
    ...model('emotion'),
    'tfjs-backend-wasm-simd.wasm': '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
  })],
};`;

/** A page that runs one of several codes, by its name behind the address's #. */
const PAGE = `<!doctype html><link rel="icon" href="data:," />
<img src="photos/food.jpg" /><canvas></canvas><script type="module">
const codes = import.meta.glob('./code/*.js');
const name = location.hash.slice(1);
if (name.includes('wide')) document.querySelector('img').src = 'wide.png';
await codes['./code/' + name + '.js']();
document.body.dataset.done = '';
</script>`;

/** Wider than high, and larger than the page keeps photos. */
async function widePhoto(): Promise<Buffer> {
  const file = path.join(root, 'node_modules/colorthief/examples/img/image-2.jpg');
  return sharp(file).resize(1299, 867, { fit: 'fill' }).png().toBuffer();
}

async function copiedCode(page: Page): Promise<string> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy code' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

/** What lies over the photo, and the code that is to draw it again. */
interface Copy {
  readonly code: string;
  readonly shown: Pixels;
}

async function copyOf(page: Page): Promise<Copy> {
  await page.locator('#copy:not([disabled])').waitFor();
  await page.waitForTimeout(500); // until the last picture is drawn
  return { code: await copiedCode(page), shown: await pixelsOf(page, '#overlay') };
}

/**
 * Compares what codes draw in a page of their own, whose photo is the wide one if their name says
 * so.
 */
async function expectSamePictures(copies: Readonly<Record<string, Copy>>): Promise<void> {
  mkdirSync(path.join(folder, 'code'), { recursive: true });
  mkdirSync(path.join(folder, 'public'), { recursive: true });
  // One of its own: the project's says that no module does anything by itself.
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(path.join(folder, 'vite.config.ts'), CONFIG);
  writeFileSync(path.join(folder, 'index.html'), PAGE);
  writeFileSync(path.join(folder, 'public/wide.png'), await widePhoto());
  for (const [name, { code }] of Object.entries(copies))
    writeFileSync(path.join(folder, `code/${name}.js`), code);
  const own = await openSite(folder);
  try {
    for (const [name, { shown }] of Object.entries(copies)) {
      const page = await browser.newPage();
      const errors = watchErrors(page);
      await page.goto(`${own.address}#${name}`);
      await page.waitForSelector('body[data-done]', { timeout: 60_000 });
      expect(errors).toEqual([]);
      const drawn = await pixelsOf(page, 'canvas');
      expect([name, drawn.width, drawn.height]).toEqual([name, shown.width, shown.height]);
      // Samples are added up in another order: a colour of the map may be its neighbour.
      const differences = drawn.data.map((value, i) => Math.abs(value - shown.data[i]!));
      const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
      const greatest = Math.max(...chunked(differences));
      expect({ name, mean, greatest }).toEqual({
        name,
        mean: expect.closeTo(0, 1) as unknown,
        greatest: Math.min(greatest, 8),
      });
      await page.close();
    }
  } finally {
    await own.close();
  }
}

/** The greatest of each thousand: Math.max takes not so many arguments as a picture has bytes. */
function chunked(values: Uint8ClampedArray): number[] {
  const greatest: number[] = [];
  for (let i = 0; i < values.length; i += 1000)
    greatest.push(Math.max(...values.subarray(i, i + 1000)));
  return greatest;
}

test("a model's file: the code of each map draws it again", async () => {
  const { page, errors } = await openWithSmallModel(browser, site.address);
  await slide(page, 'samples', 20);
  await slide(page, 'noise', 0.2);
  await page.getByRole('radio', { name: 'real' }).check();
  await hasFinished(page);
  const copies: Record<string, Copy> = {};
  const copyMaps = async (): Promise<void> => {
    for (const kind of await page.locator('.card:visible input').all()) {
      const name = await kind.inputValue();
      await page.locator(`.card:has([value=${name}])`).click();
      copies[`${name}${Object.keys(copies).length}`] = await copyOf(page);
    }
  };
  await copyMaps();
  await page.getByLabel('Compare with').selectOption('fake');
  await hasFinished(page);
  await copyMaps();
  await page.getByLabel('View').selectOption('contour');
  await slide(page, 'blur', 0);
  copies['contour'] = await copyOf(page);
  expect(Object.keys(copies).length).toBeGreaterThan(8);
  await expectSamePictures(copies);
  expect(errors).toEqual([]);
  await page.close();
}, 300_000);

test('every preset, of a photo that the page makes smaller and maybe crops', async () => {
  const { page, errors } = await openWithSmallModel(browser, site.address);
  await page.setInputFiles('#photo-file', {
    name: 'wide.png',
    mimeType: 'image/png',
    buffer: await widePhoto(),
  });
  await slide(page, 'samples', 10);
  await page.getByRole('radio', { name: 'real' }).check();
  await hasFinished(page);
  const copies: Record<string, Copy> = {};
  for (const preset of Object.keys(presets).filter((name) => name !== 'gray')) {
    await page.getByLabel('Preprocessing').selectOption(preset);
    await hasFinished(page);
    copies[`${preset}-wide`] = await copyOf(page);
  }
  const { width, height } = copies['teachableMachine-wide']!.shown;
  expect([width, height]).toEqual([867, 867]);
  expect(copies['unit-wide']!.shown).toMatchObject({ width: 1024, height: 683 });

  // Gray images, which the model's file tells.
  await page.setInputFiles('#model-files', humanFiles('emotion'));
  await page.waitForFunction(() => document.querySelectorAll('.class:not(.waiting)').length === 5);
  await hasFinished(page);
  expect(await page.inputValue('#preset')).toBe('gray');
  copies['gray-wide'] = await copyOf(page);
  await expectSamePictures(copies);
  expect(errors).toEqual([]);
  await page.close();
}, 400_000);

test('CenterNet, and no more samples than there were when the run was stopped', async () => {
  const { page, errors } = await openPlayground(browser, site.address);
  await page.getByRole('radio', { name: 'bowl' }).check();
  await page
    .locator('.card:has([value=smooth]) small', { hasText: '3 samples' })
    .waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.waitForTimeout(3000); // until the last map is drawn
  await expectSamePictures({ centernet: await copyOf(page) });
  expect(errors).toEqual([]);
  await page.close();
}, 200_000);
