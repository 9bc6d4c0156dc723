/** Whether the playground stays fluid while it computes, with the cores to itself. */
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { launchChromium } from '../../scripts/browser/chromium.js';
import { watchLongTasks } from './longTasks.js';
import { hasFinished, hasScores, openPlayground } from './playground.js';
import { openPlaygroundSite } from './site.js';
import type { Site } from './site.js';

let browser: Browser;
let site: Site;

beforeAll(async () => {
  [browser, site] = await Promise.all([launchChromium(), openPlaygroundSite()]);
});

afterAll(async () => {
  await browser.close();
  await site.close();
});

test('no task of 50 samples, nor of a photo of 24 megapixels, holds the page up for long', async () => {
  const { page, errors } = await openPlayground(browser, site.address);
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
  // The run of the first photo has ended; the new one's takes its place.
  await page.waitForFunction(() => document.querySelector('progress')!.value < 1);
  await hasScores(page);
  await hasFinished(page);

  expect(await page.textContent('#count')).toBe('50 of 50 samples');
  // As a share of the run, which is as slow as the machine.
  const share = Math.max(0, ...(await longTasks())) / (performance.now() - start);
  expect(share).toBeLessThan(0.01);
  expect(errors).toEqual([]);
  await page.close();
});
