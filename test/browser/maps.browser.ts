/**
 * The playground's maps of two classes, of every method and of each backend, compared with Node's
 * and with wasm's.
 */
import { setBackend, sub, unstack } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import type { Page } from 'playwright-core';
import {
  aggregateChannels,
  colorize,
  createPreprocessing,
  limitsOf,
  normalize,
  smoothGrad,
  toImageData,
  unit,
} from 'tfjs-saliency';
import type { Attribution } from 'tfjs-saliency';
import { callOptions, defaultsOf } from '../../examples/playground/methodOptions.js';
import { methodOf } from '../../src/method/defineMethod.js';
import * as methods from '../../src/method/index.js';
import { humanModel } from '../model/trained.js';
import { explain, goTo, hasFinished, openForAllTests, smallLink, SMOOTH } from './playground.js';
import { correlation, pixelsOf } from './pixels.js';
import type { Site } from './site.js';

let page: Page;
let site: Site;
let errors: readonly string[];

openForAllTests((playground) => {
  ({ page, site, errors } = playground);
}, SMOOTH);

beforeAll(async () => {
  await setBackend('wasm');
});

const preprocess = createPreprocessing({ ...unit.options, inputSize: [32, 32] });

/** How much a card's picture is like one of Node. */
async function likeness(kind: string, picture: Tensor): Promise<number> {
  const shown = await pixelsOf(page, `.card:has([value=${kind}]) canvas`);
  return correlation(shown.data, (await toImageData(picture)).data);
}

test('two classes are compared, as Node compares them', async () => {
  await explain(page, 'fake');
  await page.getByLabel('Compare with').selectOption('real');
  await hasFinished(page);
  expect(await page.locator('.card:visible strong').allTextContents()).toEqual([
    'fake',
    'real',
    'Difference',
  ]);

  const photo = await pixelsOf(page, '#photo');
  const options = { preprocess, samples: 2, noiseLevel: 0.15, seed: 1 };
  const both = aggregateChannels(smoothGrad(humanModel('liveness'), photo, [[0, 1]], options));
  const [fake, real] = unstack(both);
  const pictures = {
    smooth: colorize(normalize(fake!, { shared: limitsOf(both) }), 'inferno'),
    against: colorize(normalize(real!, { shared: limitsOf(both) }), 'inferno'),
    difference: colorize(normalize(sub(fake!, real!), { mode: 'diverging' }), 'redblue'),
  };
  for (const [kind, picture] of Object.entries(pictures))
    expect(await likeness(kind, picture)).toBeGreaterThan(0.999);

  await page.locator('.card', { hasText: 'Difference' }).click();
  expect(await page.textContent('#caption')).toMatch(
    /^Where the score of “fake” \(\d+ %\) \(red\) and where that of “real” \(\d+ %\) \(blue\) is the more sensitive\.$/,
  );
  expect(await page.locator('#methods input').first().isDisabled()).toBe(true);
  await page.getByLabel('Compare with').selectOption('no other');
  await hasFinished(page);
  expect(errors).toEqual([]);
});

test('the map of every method is that of Node', async () => {
  const maps = Object.keys(methods).join(' ');
  await goTo(page, site, smallLink(site, { maps, class: 0 }));
  await hasFinished(page);
  const photo = await pixelsOf(page, '#photo');
  for (const [name, method] of Object.entries(methods) as [string, Attribution][]) {
    const options = callOptions(defaultsOf(methodOf(method)!.options!));
    let map: Tensor;
    try {
      map = method(humanModel('liveness'), photo, 0, { preprocess, ...options });
    } catch (error) {
      // What Node refuses, such as the attention of a model that has none, is refused here.
      const [, reason] = /^[^:]*: (.*)/.exec((error as Error).message)!;
      const card = page.locator(`.card:has([value=${name}]) small`);
      expect([name, await card.textContent()]).toEqual([name, expect.stringContaining(reason!)]);
      continue;
    }
    const picture = colorize(normalize(aggregateChannels(map)), 'inferno');
    expect([name, await likeness(name, picture)]).toEqual([name, expect.closeTo(1, 2)]);
  }
  expect(await page.locator('.card:visible:not(.empty)').count()).toBeGreaterThan(15);
  expect(await page.locator('.card:visible').count()).toBe(Object.keys(methods).length);
  expect(errors).toEqual([]);
});

test('the map of every backend is that of wasm', async () => {
  await goTo(page, site, smallLink(site, { maps: 'smooth' }));
  await hasFinished(page);
  const names = await page.locator('#backend option').allTextContents();
  // GPUs that there are in software only are slower.
  expect(names).toEqual(['WebAssembly', 'WebGPU', 'WebGL', 'JavaScript (slow)']);
  const wasm = await pixelsOf(page, '.card:has([value=smooth]) canvas');
  for (const backend of ['webgpu', 'webgl', 'cpu']) {
    await page.getByLabel('Backend').selectOption(backend);
    await page.waitForFunction(() => document.querySelector('progress')?.value === 0);
    await hasFinished(page);
    const { data } = await pixelsOf(page, '.card:has([value=smooth]) canvas');
    expect([backend, correlation(data, wasm.data)]).toEqual([backend, expect.closeTo(1, 2)]);
  }
  expect(errors).toEqual([]);
});
