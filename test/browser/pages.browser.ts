/**
 * The iife build beside tfjs's own scripts, and the ESM build through Vite. Oracle: the same map,
 * computed in Node.
 */
import type { Browser } from 'playwright-core';
import {
  aggregateChannels,
  blur,
  colorize,
  normalize,
  overlay,
  smoothGrad,
  toImageData,
} from 'tfjs-saliency';
import type { Model } from 'tfjs-saliency';
import { connectChromium } from './browser.js';
import { BOWL, loadClassifier, preprocessing } from './centernet.js';
import { correlation, pixelsOf } from './pixels.js';
import type { Pixels } from './pixels.js';
import { openNewSite } from './site.js';
import { watchErrors } from './watch.js';

let browser: Browser;
const preprocess = preprocessing(256);
let model: Model;

beforeAll(async () => {
  browser = await connectChromium();
  model = await loadClassifier(256);
});

afterAll(() => browser.close());

async function picturesOfNode(photo: Pixels): Promise<{ map: Pixels; both: Pixels }> {
  const gradient = smoothGrad(model, photo, BOWL, { preprocess, samples: 10, seed: 1 });
  const values = aggregateChannels(gradient);
  return {
    map: await toImageData(colorize(normalize(values), 'inferno')),
    both: await toImageData(overlay(photo, blur(values))),
  };
}

test.each(['script-tag', 'vite'])(
  'examples/%s draws the map that Node computes',
  async (example) => {
    const site = await openNewSite(`examples/${example}`);
    try {
      const page = await browser.newPage();
      const errors = watchErrors(page);
      await page.goto(site.address);
      await page.waitForSelector('body[data-done]', { timeout: 100_000 });

      // Node explains the pixels that the browser decoded: decoders of JPEG differ.
      const { map, both } = await picturesOfNode(await pixelsOf(page, '#photo'));
      expect(correlation((await pixelsOf(page, '#map')).data, map.data)).toBeGreaterThan(0.999);
      expect(correlation((await pixelsOf(page, '#overlay')).data, both.data)).toBeGreaterThan(
        0.999,
      );
      expect(errors).toEqual([]);
      await page.close();
    } finally {
      await site.close();
    }
  },
);
