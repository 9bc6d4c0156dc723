/** The playground as it opens, with its own models: what it shows, compared with Node. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Browser, Page } from 'playwright-core';
import {
  aggregateChannels,
  colorize,
  gradCam,
  normalize,
  smoothGrad,
  toImageData,
  vanillaGradient,
} from 'tfjs-saliency';
import { connectChromium } from './browser.js';
import { BOWL, loadClassifier, preprocessing } from './centernet.js';
import { correlation, pixelsOf } from './pixels.js';
import { hasFinished, openPlayground } from './playground.js';
import { openPlaygroundSite } from './site.js';
import type { Site } from './site.js';

let browser: Browser;
let site: Site;

beforeAll(async () => {
  [browser, site] = await Promise.all([connectChromium(), openPlaygroundSite()]);
});

afterAll(async () => {
  await browser.close();
  await site.close();
});

async function expectMap(page: Page, kind: string, gradient: Tensor): Promise<void> {
  const shown = await pixelsOf(page, `.card:has([value=${kind}]) canvas`);
  const picture = await toImageData(colorize(normalize(aggregateChannels(gradient)), 'inferno'));
  expect(correlation(shown.data, picture.data)).toBeGreaterThan(0.999);
}

test('it explains the first photo at once: Grad-CAM, the gradient and SmoothGrad, as Node does; a larger model on demand', async () => {
  const link = { photo: 'food', class: BOWL, samples: 5 };
  const { page, errors } = await openPlayground(browser, site, link);
  await hasFinished(page);
  const model = await loadClassifier(256);
  const preprocess = preprocessing(256);
  const photo = await pixelsOf(page, '#photo');
  const layer = 'tower_0/CenternetHead/c5_upsample/add';
  const [cam, gradient, smooth] = [
    gradCam(model, photo, BOWL, { preprocess, layer, relu: true }),
    vanillaGradient(model, photo, BOWL, { preprocess }),
    smoothGrad(model, photo, BOWL, { preprocess, samples: 5, noiseLevel: 0.15, seed: 1 }),
  ];
  await expectMap(page, 'gradCam', cam);
  await expectMap(page, 'vanillaGradient', gradient);
  await expectMap(page, 'smooth', smooth);
  expect(await page.textContent('#caption')).toMatch(
    /^Where the model looked for “bowl” \(\d\d %\): Grad-CAM, by one layer\.$/,
  );
  expect(await page.textContent('#reliability')).toMatch(/^0\.\d\d$/);
  expect(await page.textContent('#speed')).toMatch(/^\d+\.\d$/);

  await page.locator('#model').selectOption('CenterNet, 512 × 512');
  await page.waitForFunction(() => document.querySelector('progress')?.value === 0);
  await page.getByRole('radio', { name: 'dining table' }).waitFor(); // of the larger photo
  expect(page.url()).toContain('model=centernet-512');
  expect(errors).toEqual([]);
  await page.close();
});
