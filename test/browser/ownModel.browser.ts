/**
 * A folder of Teachable Machine is dropped on the page as a user drops it. Oracle: the classes of
 * its metadata.json; and a table that is looked up has no gradient.
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
  const flat = layers.flatten({ inputShape: [8, 8, 3] });
  const softmax = () => layers.dense({ units: 3, activation: 'softmax' });
  const dense = path.join(folder, 'dense');
  await writeModel(sequential({ layers: [flat, softmax()] }), dense, { shards: 2 });
  const metadata = { packageName: '@teachablemachine/image', labels: ['ada', 'grace', 'nobody'] };
  writeFileSync(path.join(dense, 'metadata.json'), JSON.stringify(metadata));

  const table = layers.embedding({ inputDim: 256, outputDim: 2, inputLength: 192 });
  const lookUp = [layers.flatten({ inputShape: [8, 8, 3] }), table, layers.flatten(), softmax()];
  await writeModel(sequential({ layers: lookUp }), path.join(folder, 'table'));
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
  await drop(path.join(folder, 'dense'));
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

test('a method that does not work for a model says so on its card', async () => {
  await page.getByText('Your own model').click();
  await page.locator('#preset').selectOption('efficientnet'); // 0..255, as the table wants it
  await hasFinished(page);
  await drop(path.join(folder, 'table'));
  await page.waitForSelector('.class:has-text("class 0")');
  await hasFinished(page);
  const details = await page.locator('.card:visible small').allTextContents();
  expect(details).toEqual([expect.stringContaining('without a gradient')]);
  expect(await page.textContent('#run-error')).toBe('');
  expect(errors).toEqual([]);
});
