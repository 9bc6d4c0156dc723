/**
 * The playground's maps of two classes and of each backend, compared with Node's and with wasm's.
 */
import { setBackend, sub, unstack } from '@tensorflow/tfjs-core';
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
import { methodOf } from '../../src/method/defineMethod.js';
import * as methods from '../../src/method/index.js';
import { humanModel } from '../model/trained.js';
import { hasFinished, openForEachTest, slide } from './playground.js';
import { correlation, pixelsOf } from './pixels.js';

let page: Page;
let errors: readonly string[];

beforeAll(async () => {
  await setBackend('wasm');
});

openForEachTest((playground) => {
  ({ page, errors } = playground);
});

const chooseFake = (): Promise<void> => page.getByRole('radio', { name: 'fake' }).check();

test('two classes are compared, as Node compares them', async () => {
  await slide(page, 'samples', 10);
  await chooseFake();
  await hasFinished(page);
  await page.getByLabel('Compare with').selectOption('real');
  await hasFinished(page);
  expect(await page.locator('.card:visible strong').allTextContents()).toEqual([
    'fake',
    'real',
    'Difference',
  ]);

  const { width, height, data } = await pixelsOf(page, '#photo');
  const classes = [[0, 1]];
  const preprocess = createPreprocessing({ ...unit.options, inputSize: [32, 32] });
  const options = { preprocess, samples: 10, noiseLevel: 0.15, seed: 1 };
  const both = aggregateChannels(
    smoothGrad(humanModel('liveness'), { data, width, height }, classes, options),
  );
  const [fake, real] = unstack(both);
  const pictures = {
    smooth: colorize(normalize(fake!, { shared: limitsOf(both) }), 'inferno'),
    against: colorize(normalize(real!, { shared: limitsOf(both) }), 'inferno'),
    difference: colorize(normalize(sub(fake!, real!), { mode: 'diverging' }), 'redblue'),
  };
  for (const [kind, picture] of Object.entries(pictures)) {
    const shown = await pixelsOf(page, `.card:has([value=${kind}]) canvas`);
    expect(correlation(shown.data, (await toImageData(picture)).data)).toBeGreaterThan(0.999);
  }

  await page.locator('.card', { hasText: 'Difference' }).click();
  expect(await page.textContent('#caption')).toMatch(
    /^Where the score of “fake” \(\d+ %\) \(red\) and where that of “real” \(\d+ %\) \(blue\) is the more sensitive\.$/,
  );
  expect(errors).toEqual([]);
});

test("there is a map of every method of the library, Node's", async () => {
  await slide(page, 'samples', 10);
  await chooseFake();
  await hasFinished(page);
  const photo = await pixelsOf(page, '#photo');
  const preprocess = createPreprocessing({ ...unit.options, inputSize: [32, 32] });
  for (const [name, method] of Object.entries(methods) as [string, Attribution][]) {
    const takes = methodOf(method)?.options ?? {};
    const fewer = {
      ...('steps' in takes && { steps: 10 }),
      ...('maxChannels' in takes && { maxChannels: 8 }),
    };
    const options = { preprocess, ...fewer };
    const gradient = method(humanModel('liveness'), photo, 0, options);
    const picture = colorize(normalize(aggregateChannels(gradient)), 'inferno');
    const shown = await pixelsOf(page, `.card:has([value=${name}]) canvas`);
    expect(correlation(shown.data, (await toImageData(picture)).data)).toBeGreaterThan(0.999);
  }
  expect(await page.locator('.card:visible').count()).toBe(Object.keys(methods).length + 1);
  expect(errors).toEqual([]);
});

test.each(['webgpu', 'webgl', 'cpu'])('the map of %s is that of wasm', async (backend) => {
  await slide(page, 'samples', 10);
  await chooseFake();
  await hasFinished(page);
  const wasm = await pixelsOf(page, '.card:has([value=smooth]) canvas');
  await page.getByLabel('Backend').selectOption(backend);
  await page.waitForFunction(() => document.querySelector('#run')?.textContent === 'Cancel');
  await hasFinished(page);
  const { data } = await pixelsOf(page, '.card:has([value=smooth]) canvas');
  expect(correlation(data, wasm.data)).toBeGreaterThan(0.999);
  expect(errors).toEqual([]);
});

test('WebAssembly is the default where GPUs are there in software only', async () => {
  const names = await page.locator('#backend option').allTextContents();
  expect(names).toEqual(['WebAssembly', 'WebGPU', 'WebGL', 'JavaScript (slow)']);
  expect(await page.inputValue('#backend')).toBe('wasm');
});
