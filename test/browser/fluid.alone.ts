/** Whether the playground stays fluid while it computes, with the cores to itself. */
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { connectChromium } from './browser.js';
import { watchLongTasks } from './longTasks.js';
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

test('no task of a run, nor of a photo of 24 megapixels, holds the page up for long', async () => {
  const { page, errors } = await openPlayground(browser, site, { samples: 20 });
  await hasFinished(page);
  const large = await sharp({
    create: { width: 6000, height: 4000, channels: 3, background: 'teal' },
  })
    .jpeg()
    .toBuffer();
  const longTasks = await watchLongTasks(page);
  const start = performance.now();
  await page.setInputFiles('#photo-file', {
    name: 'large.jpg',
    mimeType: 'image/jpeg',
    buffer: large,
  });
  await page.waitForFunction(() => document.querySelector('progress')!.value === 0);
  await hasFinished(page);

  // As a share of the run, which is as slow as the machine.
  const share = Math.max(0, ...(await longTasks())) / (performance.now() - start);
  expect(share).toBeLessThan(0.03);
  expect(errors).toEqual([]);
});
