/**
 * A folder of Teachable Machine is dropped on the page as a user drops it. Oracle: the classes of
 * its metadata.json; a dense model has no layer with places.
 */
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { writeModel } from '../../examples/testing/writeModel.js';
import { hasFinished, openForAllTests } from './playground.js';

let page: Page;
let errors: readonly string[];
let folder: string;

openForAllTests((playground) => {
  ({ page, errors } = playground);
});

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tfjs-saliency-teachable-'));
  await setBackend('cpu');
  const model = sequential({
    layers: [
      layers.flatten({ inputShape: [8, 8, 3] }),
      layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  await writeModel(model, folder, { shards: 2 });
  const metadata = { packageName: '@teachablemachine/image', labels: ['ada', 'grace', 'nobody'] };
  writeFileSync(path.join(folder, 'metadata.json'), JSON.stringify(metadata));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Drops a file or folder of the disk, as the window system does. */
async function drop(file: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [file], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await devtools.send('Input.dispatchDragEvent', { type, x: 200, y: 200, data });
}

test('its classes have their names, and its photos are cropped as it does', async () => {
  await drop(folder);
  await page.waitForSelector('.class:has-text("grace")');
  await hasFinished(page);
  expect(await page.inputValue('#preset')).toBe('teachableMachine');
  expect(await page.locator('#model option:checked').textContent()).toBe('Your own');
  const [width, height] = await page
    .locator('#photo')
    .evaluate(({ width, height }: HTMLCanvasElement) => [width, height]);
  expect(width).toBe(height);
  expect(errors).toEqual([]);
});

test('a method that does not work for a model says so on its card, and the others go on', async () => {
  await page.getByRole('checkbox', { name: 'Grad-CAM', exact: true }).check();
  await page.locator('.card', { hasText: 'Grad-CAM' }).getByText('layer').waitFor();
  await hasFinished(page);
  expect(await page.locator('.card:visible:not(.empty)').count()).toBe(2);
  expect(errors).toEqual([]);
});
