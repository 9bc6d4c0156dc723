/** The code that the playground writes, run: it draws what lay over the photo. */
import type { Page } from 'playwright-core';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { takesSeveral } from '../../examples/playground/methodOptions.js';
import { methodOf } from '../../src/method/defineMethod.js';
import * as methods from '../../src/method/index.js';
import * as presets from '../../src/preprocessing/presets.js';
import { pixelsOf } from './pixels.js';
import type { Pixels } from './pixels.js';
import { goTo, hasFinished, humanFiles, openForAllTests, slide, smallLink } from './playground.js';
import { openNewSite } from './site.js';
import type { Site } from './site.js';

const root = path.join(__dirname, '../..');

let page: Page;
let site: Site;
let errors: readonly string[];
let folder: string;

openForAllTests((playground) => {
  ({ page, site, errors } = playground);
});

beforeAll(async () => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  // Below the project, so that the code finds its packages.
  mkdirSync(path.join(root, 'out'), { recursive: true });
  folder = mkdtempSync(path.join(root, 'out/code-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const CONFIG = `
import { centernetFiles, packageFiles } from '../../examples/shared/packageFiles.js';
export default {
  root: import.meta.dirname,
  resolve: { alias: { 'tfjs-saliency': new URL('../../src/index.ts', import.meta.url).pathname } },
  plugins: [packageFiles({
    ...centernetFiles(256),
    'small/model.json': '@vladmandic/human/models/liveness.json',
    'small/liveness.bin': '@vladmandic/human/models/liveness.bin',
    'emotion.json': '@vladmandic/human/models/emotion.json',
    'emotion.bin': '@vladmandic/human/models/emotion.bin',
    'tfjs-backend-wasm-simd.wasm': '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
  })],
};`;

/** A page that runs all the codes, each with an image and a canvas of its own, which it leaves. */
const PAGE = `<!doctype html><link rel="icon" href="data:," /><div></div><script type="module">
const codes = import.meta.glob('./code/*.js');
const place = document.querySelector('div');
for (const [file, run] of Object.entries(codes)) {
  const name = file.slice('./code/'.length, -'.js'.length);
  const [image, canvas] = [document.createElement('img'), document.createElement('canvas')];
  image.src = name.endsWith('wide') ? 'wide.png' : 'small.png';
  canvas.id = name;
  place.prepend(image, canvas);
  await run();
}
document.title = 'drawn';
</script>`;

/** Wider than high; the large one is larger than the page keeps photos. */
const PHOTOS = { small: [150, 101], wide: [1299, 867] } as const;

async function choosePhoto(name: keyof typeof PHOTOS): Promise<void> {
  const file = path.join(root, 'node_modules/colorthief/examples/img/image-2.jpg');
  const [width, height] = PHOTOS[name];
  const buffer = await sharp(file).resize(width, height, { fit: 'fill' }).png().toBuffer();
  mkdirSync(path.join(folder, 'public'), { recursive: true });
  writeFileSync(path.join(folder, `public/${name}.png`), buffer);
  await page.setInputFiles('#photo-file', { name: `${name}.png`, mimeType: 'image/png', buffer });
  await page.getByRole('img', { name: `Your photo ${name}.png` }).waitFor();
  await hasFinished(page);
}

/** What lay over the photo, and the code that is to draw it again. */
interface Copy {
  readonly code: string;
  readonly shown: Pixels;
}

const copies: Record<string, Copy> = {};

async function copy(name: string): Promise<void> {
  await hasFinished(page);
  await page.locator('#overlay[aria-busy=false]').waitFor();
  await page.evaluate(() => navigator.clipboard.writeText(''));
  await page.locator('#copy').click();
  const copied = await page.waitForFunction(() => navigator.clipboard.readText());
  const code = await copied.jsonValue();
  copies[name] = { code, shown: await pixelsOf(page, '#overlay') };
}

async function copyMaps(name: string): Promise<void> {
  await hasFinished(page);
  // Not those of methods that do not work for the model.
  for (const card of await page.locator('.card:visible:not(.empty) input').all()) {
    const kind = await card.inputValue();
    await page.locator(`.card:has([value=${kind}])`).click();
    await copy(`${name}-${kind}-small`);
  }
}

/**
 * The methods that are quick, and of the others the first of each group: what is copied differs by
 * name and options only, and that every method's map is right maps.browser.ts tests.
 */
function someMethods(): string[] {
  const all = Object.values(methods).map((method) => methodOf(method)!);
  const slow = all.filter(({ options }) => takesSeveral(options!));
  const first = slow.filter(
    ({ group }, i) => slow.findIndex((method) => method.group === group) === i,
  );
  return all
    .filter((method) => !slow.includes(method) || first.includes(method))
    .map(({ name }) => name);
}

test('the code of every kind of map is copied', async () => {
  const maps = [...someMethods(), 'smooth'].join(' ');
  await goTo(page, site, smallLink(site, { maps, noise: 0.2, samples: 3 }));
  await hasFinished(page);
  await choosePhoto('small');
  await copyMaps('one');
  await page.getByLabel('Compare with').selectOption({ index: 2 });
  await copyMaps('two');
  await page.getByLabel('View').selectOption('contour');
  await slide(page, 'blur', 0);
  await slide(page, 'opacity', 0.5);
  await copy('contour-small');
  expect(Object.keys(copies).length).toBeGreaterThan(20);
  expect(errors).toEqual([]);
});

test("that of the page's own model as well, whose layer is named", async () => {
  await goTo(page, site, { maps: 'gradCam' });
  await hasFinished(page);
  await choosePhoto('small');
  await copy('centernet-small');
  expect(errors).toEqual([]);
});

test('and that of every preset', async () => {
  await goTo(page, site, smallLink(site));
  await hasFinished(page);
  await choosePhoto('small');
  const names = Object.keys(presets).filter((name) => name !== 'gray');
  await page.getByText('Your own model').click();
  for (const preset of names) {
    await page.locator('#preset').selectOption(preset);
    await copy(`${preset}-small`);
  }
  // Gray images, which the model's file tells.
  await page.setInputFiles('#model-files', humanFiles('emotion'));
  await page.waitForFunction(() => document.querySelectorAll('.class:not(.waiting)').length === 5);
  expect(await page.inputValue('#preset')).toBe('gray');
  await copy('gray-small');
  expect(errors).toEqual([]);
});

test('also of photos that the page makes smaller, or crops', async () => {
  await page.locator('#url').fill(`${site.address}small/`);
  await page.getByRole('button', { name: 'Load URL' }).click();
  await page.waitForSelector('.class:has-text("fake")');
  await choosePhoto('wide');
  for (const preset of ['unit', 'teachableMachine']) {
    await page.locator('#preset').selectOption(preset);
    await copy(`${preset}-wide`);
  }
  expect(copies['unit-wide']!.shown).toMatchObject({ width: 1024, height: 683 });
  expect(copies['teachableMachine-wide']!.shown).toMatchObject({ width: 867, height: 867 });
});

test('all codes draw again what lay over the photo', async () => {
  mkdirSync(path.join(folder, 'code'), { recursive: true });
  // One of its own: the project's says that no module does anything by itself.
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(path.join(folder, 'vite.config.ts'), CONFIG);
  writeFileSync(path.join(folder, 'index.html'), PAGE);
  for (const [name, { code }] of Object.entries(copies))
    writeFileSync(path.join(folder, `code/${name}.js`), code);
  const built = await openNewSite(folder);
  try {
    await page.goto(built.address);
    await page.waitForFunction(() => document.title === 'drawn', undefined, { timeout: 60_000 });
    for (const [name, { shown }] of Object.entries(copies)) {
      const { data, width, height } = await pixelsOf(page, `#${name}`);
      expect([name, width, height]).toEqual([name, shown.width, shown.height]);
      // Samples are added up in another order: a colour of the map may be its neighbour.
      const [mean, greatest] = differencesOf(data, shown.data);
      expect({ name, mean, greatest }).toEqual({
        name,
        mean: expect.closeTo(0, 1) as unknown,
        greatest: Math.min(greatest, 8),
      });
    }
    expect(errors).toEqual([]);
  } finally {
    await built.close();
  }
});

/** The mean and the greatest difference of two pictures' bytes. */
function differencesOf(a: Uint8ClampedArray, b: Uint8ClampedArray): [number, number] {
  let [sum, greatest] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    sum += difference;
    greatest = Math.max(greatest, difference);
  }
  return [sum / a.length, greatest];
}
