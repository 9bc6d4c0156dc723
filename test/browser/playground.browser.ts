/** The playground with its own model: what it shows, compared with Node. */
import type * as tf from '@tensorflow/tfjs-core';
import type { Browser } from 'playwright-core';
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
import { hasFinished, openPlayground, slide } from './playground.js';
import { openPlaygroundSite } from './site.js';
import type { Site } from './site.js';

let browser: Browser;
let site: Site;
let model: (photos: tf.Tensor) => tf.Tensor;

beforeAll(async () => {
  [browser, site, model] = await Promise.all([
    launchChromium(),
    openPlaygroundSite(),
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
  expect(correlation((await shown('vanillaGradient')).data, vanilla.data)).toBeGreaterThan(0.999);
  expect(correlation((await shown('smooth')).data, smooth.data)).toBeGreaterThan(0.999);
  expect(await page.textContent('#caption')).toBe(
    'What the score of “bowl” (28 %) is sensitive to: SmoothGrad, 10 samples.',
  );
  expect(await page.getAttribute('#overlay', 'aria-label')).toMatch(
    /^SmoothGrad, 10 samples: brightest /,
  );
  expect(await page.textContent('#reliability')).toMatch(/^0\.\d\d$/);
  expect(await page.textContent('#speed')).toMatch(/^\d+\.\d$/);
  expect(errors).toEqual([]);
  await page.close();
});
