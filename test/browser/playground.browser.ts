/**
 * The playground with its own model: what it shows, compared with Node, and whether it stays fluid
 * meanwhile.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import {
  aggregateChannels,
  colorize,
  normalize,
  smoothGrad,
  toImageData,
  vanillaGradient,
} from 'tfjs-saliency';
import { launchChromium } from '../../scripts/browser/chromium.js';
import { BOWL, loadClassifier, preprocess } from './centernet.js';
import { correlation, pixelsOf } from './pixels.js';
import { hasFinished, hasScores, openPlayground, slide } from './playground.js';
import { watchLongTasks } from './longTasks.js';
import { openSite } from './site.js';
import type { Site } from './site.js';

let browser: Browser;
let site: Site;
let model: (photos: tf.Tensor) => tf.Tensor;

beforeAll(async () => {
  [browser, site, model] = await Promise.all([
    launchChromium(),
    openSite('playground'),
    loadClassifier(),
  ]);
});

afterAll(async () => {
  await browser.close();
  await site.close();
});

const pictureOf = (gradient: tf.Tensor) =>
  toImageData(colorize(normalize(aggregateChannels(gradient)), 'inferno'));

test("a class's maps are those that Node computes", async () => {
  const { page, errors } = await openPlayground(browser, site.address);
  await slide(page, 'samples', 10);
  await page.getByRole('radio', { name: 'bowl' }).check();
  await hasFinished(page);

  const photo = await pixelsOf(page, '#photo');
  const options = { preprocess, samples: 10, noiseLevel: 0.15, seed: 1 };
  const vanilla = await pictureOf(vanillaGradient(model, photo, BOWL, { preprocess }));
  const smooth = await pictureOf(smoothGrad(model, photo, BOWL, options));
  const shown = (kind: string) => pixelsOf(page, `.card:has([value=${kind}]) canvas`);
  expect(correlation((await shown('vanilla')).data, vanilla.data)).toBeGreaterThan(0.999);
  expect(correlation((await shown('smooth')).data, smooth.data)).toBeGreaterThan(0.999);
  expect(await page.textContent('#caption')).toBe(
    'What the score of “bowl” is sensitive to: SmoothGrad, 10 samples.',
  );
  expect(await page.getAttribute('#overlay', 'aria-label')).toMatch(
    /^SmoothGrad, 10 samples: brightest /,
  );
  expect(await page.textContent('#reliability')).toMatch(/^0\.\d\d$/);
  expect(await page.textContent('#speed')).toMatch(/^\d+\.\d$/);
  expect(errors).toEqual([]);
  await page.close();
});

test('no task of 50 samples, nor of a photo of 24 megapixels, holds the page up for 100 ms', async () => {
  const { page, errors } = await openPlayground(browser, site.address);
  const large = await sharp({
    create: { width: 6000, height: 4000, channels: 3, background: 'teal' },
  })
    .jpeg()
    .toBuffer();
  const longTasks = await watchLongTasks(page);
  await page.setInputFiles('#photo-file', {
    name: 'large.jpg',
    mimeType: 'image/jpeg',
    buffer: large,
  });
  await page.waitForSelector('.class.waiting');
  await hasScores(page);
  await page.locator('.class').first().click();
  await hasFinished(page);

  expect(await page.textContent('#count')).toBe('50 of 50 samples');
  expect(Math.max(0, ...(await longTasks()))).toBeLessThan(100);
  expect(errors).toEqual([]);
  await page.close();
});
