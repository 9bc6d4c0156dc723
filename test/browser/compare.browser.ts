/** The playground's tab "Compare", with Node's metrics as its oracle. */
import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import type { Page } from 'playwright-core';
import {
  aggregateChannels,
  createPreprocessing,
  deletion,
  insertion,
  parameterRandomizationTest,
  unit,
  vanillaGradient,
} from 'tfjs-saliency';
import { humanModel } from '../model/trained.js';
import { explain, openForAllTests } from './playground.js';
import { pixelsOf } from './pixels.js';

let page: Page;
let errors: readonly string[];

openForAllTests((playground) => {
  ({ page, errors } = playground);
});

beforeAll(async () => {
  await setBackend('wasm');
});

const liveness = () => humanModel('liveness');
const preprocess = createPreprocessing({ ...unit.options, inputSize: [32, 32] });

test('a map is measured as in Node, and its curves are drawn', async () => {
  await explain(page, 'fake');
  await page.getByRole('tab', { name: 'Compare' }).click();
  await page.getByRole('button', { name: 'Measure the maps' }).click();
  const chart = page.locator('.compared:visible svg');
  await chart.waitFor();
  const photo = await pixelsOf(page, '#photo');
  const model = liveness();
  const map = aggregateChannels(vanillaGradient(model, photo, 0, { preprocess }));
  const options = { preprocess, steps: 16 };
  const found = {
    deletion: deletion(model, photo, 0, map, options),
    insertion: insertion(model, photo, 0, map, options),
  };
  const words = Object.entries(found).map(([name, { score }]) => `${name} ${score.toFixed(2)}`);
  expect(await chart.getAttribute('aria-label')).toBe(
    `Areas under the curves: ${words.join(', ')}`,
  );
  for (const [name, { curve }] of Object.entries(found)) {
    const points = (await chart.locator(`.${name}`).getAttribute('points'))!.split(' ');
    const heights = points.map((point) => -Number(point.split(',')[1]));
    expect(heights).toHaveLength(curve.length);
    // Both fall and rise together: the drawing is linear in the value.
    const [low, high] = [Math.min(...heights), Math.max(...heights)];
    const values = curve.map(({ value }) => value);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    heights.forEach((height, i) => {
      const expected = (values[i]! - least) / (most - least);
      expect(Math.abs((height - low) / (high - low) - expected)).toBeLessThan(0.05);
    });
  }
  expect(errors).toEqual([]);
});

test('the randomisation test draws a picture per step, with the similarity of Node', async () => {
  await page.getByRole('button', { name: /^Randomise the model/ }).click();
  await page.locator('#strip li').nth(5).waitFor();
  await page.getByRole('button', { name: 'Measure the maps' }).waitFor();
  const photo = await pixelsOf(page, '#photo');
  const options = { preprocess, steps: 6 };
  const { layers } = parameterRandomizationTest(vanillaGradient, liveness(), photo, 0, options);
  const steps = await page.locator('#strip li').evaluateAll((items) =>
    items.map((item) => ({
      name: item.querySelector('small')!.title,
      similarity: item.querySelector('small:last-child')!.textContent,
    })),
  );
  expect(steps.map(({ name }) => name)).toEqual(layers.map(({ name }) => name));
  steps.forEach(({ similarity }, i) => {
    expect(Math.abs(Number(similarity) - layers[i]!.similarity)).toBeLessThan(0.02);
  });
  const { data } = await pixelsOf(page, '#strip li:first-child canvas');
  expect(new Set(data).size).toBeGreaterThan(10);
});

test('another class forgets the results, and arrows move between the tabs', async () => {
  await page.getByRole('tab', { name: 'Compare' }).focus();
  await page.keyboard.press('ArrowLeft');
  expect(await page.locator('#viewer').isVisible()).toBe(true);
  expect(await page.locator('#compare').isVisible()).toBe(false);
  await explain(page, 'real');
  await page.getByRole('tab', { name: 'Compare' }).click();
  expect(await page.locator('.compared:visible').count()).toBe(0);
  expect(await page.locator('#strip li').count()).toBe(0);
  expect(errors).toEqual([]);
});
