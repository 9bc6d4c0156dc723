/** Every control of the playground, with a model that takes milliseconds. */
import type { Page } from 'playwright-core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { explain, hasFinished, openForAllTests, slide, SMOOTH } from './playground.js';
import { pixelsOf } from './pixels.js';

let page: Page;
let errors: readonly string[];

openForAllTests((playground) => {
  ({ page, errors } = playground);
}, SMOOTH);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tfjs-saliency-controls-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

afterEach(() => {
  expect(errors).toEqual([]);
});

const chooseSpoon = (): Promise<void> =>
  page.getByRole('button', { name: 'A sculpture in a pond: a spoon with a cherry' }).click();
const choosePhones = (): Promise<void> => page.getByRole('button', { name: 'Two phones' }).click();
const isComputing = () =>
  page.waitForFunction(() => document.querySelector('#run')?.textContent === 'Cancel');
const count = (): Promise<string | null> => page.textContent('#count');

test('another sample, and a photo of the user, are classified anew', async () => {
  await chooseSpoon();
  await page.getByRole('img', { name: 'A sculpture in a pond' }).waitFor();
  const shown = await page.waitForFunction(() => {
    const texts = [...document.querySelectorAll('.class .score')].map((score) => score.textContent);
    return texts.length === 2 && texts;
  });
  const scores = (await shown.jsonValue()) as string[];
  const [one, other] = scores.map((text) => Number(text.replace(' %', '')));
  expect(Math.abs(one! + other! - 100)).toBeLessThanOrEqual(1); // two classes of a softmax

  const buffer = await sharp({ create: { width: 30, height: 90, channels: 3, background: 'gray' } })
    .png()
    .toBuffer();
  await page.setInputFiles('#photo-file', { name: 'gray.png', mimeType: 'image/png', buffer });
  await page.getByRole('img', { name: 'Your photo gray.png' }).waitFor();
  const { width, height } = await pixelsOf(page, '#photo');
  expect([width, height]).toEqual([30, 90]);
});

test.each(['drop', 'paste'])('a photo is opened by %s', async (kind) => {
  await page.evaluate(async (kind) => {
    const canvas = new OffscreenCanvas(20, 10);
    canvas.getContext('2d')!.fillRect(0, 0, 20, 10);
    const data = new DataTransfer();
    const file = await canvas.convertToBlob();
    data.items.add(new File([file], `${kind}.png`, { type: 'image/png' }));
    const event =
      kind === 'drop'
        ? new DragEvent('drop', { dataTransfer: data, bubbles: true })
        : new ClipboardEvent('paste', { clipboardData: data, bubbles: true });
    document.body.dispatchEvent(event);
  }, kind);
  await page.getByRole('img', { name: `Your photo ${kind}.png` }).waitFor();
});

test('a photo is taken by the camera, which is off again then', async () => {
  await page.context().grantPermissions(['camera']);
  await page.getByRole('button', { name: 'Camera' }).click();
  const video = page.locator('#camera video');
  await page.getByRole('button', { name: 'Take photo' }).click();
  await page.getByRole('img', { name: 'Your photo of the camera' }).waitFor();
  await hasFinished(page);
  const { data } = await pixelsOf(page, '#photo');
  expect(new Set(data).size).toBeGreaterThan(2); // the fake device's moving picture
  expect(await video.evaluate((element: HTMLVideoElement) => element.srcObject)).toBeNull();
});

test('without a camera, one line says so', async () => {
  await page.evaluate(() => {
    const refuse = () => Promise.reject(new DOMException('Requested device not found'));
    Object.assign(navigator.mediaDevices, { getUserMedia: refuse });
  });
  await page.getByRole('button', { name: 'Camera' }).click();
  await page
    .locator('#camera-error', { hasText: 'no camera: Requested device not found' })
    .waitFor();
  expect(await page.locator('#camera').isVisible()).toBe(false);
});

test('a new photo ends the run, and what the model says of it is explained at once', async () => {
  await slide(page, 'samples', 200);
  await isComputing();
  await choosePhones();
  await page.getByRole('img', { name: 'Two phones' }).waitFor();
  await slide(page, 'samples', 3);
  await hasFinished(page);
  expect(await count()).toBe('3 of 3 samples');
  const first = page.locator('.class').first();
  expect(await first.locator('input').isChecked()).toBe(true); // the highest score
  const name = (await first.locator('.name').textContent())!;
  expect(await page.textContent('#caption')).toContain(`“${name}”`);
});

test('any method is averaged', async () => {
  await page.getByLabel('Averaged').selectOption('gradientTimesInput');
  await hasFinished(page);
  await page.locator('.card', { hasText: 'Smooth gradient times input' }).click();
  expect(await page.textContent('#caption')).toMatch(/: Smooth gradient times input, 3 samples\.$/);
  await page.getByLabel('Averaged').selectOption('vanillaGradient');
  await hasFinished(page);
});

test('a method is computed when it is chosen, and only that', async () => {
  const before = await pixelsOf(page, '.card:has([value=smooth]) canvas');
  const speed = await page.textContent('#speed');
  await page.getByText('More methods').click();
  await page.getByRole('checkbox', { name: 'HiRes-CAM' }).check();
  await page.locator('.card:not(.empty)', { hasText: 'HiRes-CAM' }).waitFor();
  await hasFinished(page);
  expect(await page.textContent('#speed')).toBe(speed);
  expect((await pixelsOf(page, '.card:has([value=smooth]) canvas')).data).toEqual(before.data);

  // What lies over the photo is another when it is taken away.
  await page.locator('.card', { hasText: 'HiRes-CAM' }).click();
  expect(await page.textContent('#caption')).toContain('HiRes-CAM');
  await page.getByRole('checkbox', { name: 'HiRes-CAM' }).uncheck();
  expect(await page.locator('.card:visible').count()).toBe(2);
  expect(await page.textContent('#caption')).toContain('Vanilla gradient');
  await page.locator('.card:has([value=smooth])').click();
});

test('noise and samples are those that were set', async () => {
  await slide(page, 'noise', 0.3);
  await slide(page, 'samples', 5);
  await hasFinished(page);
  expect(await page.locator('output').allTextContents()).toEqual(['5', '30 %', '75 %', '2 %']);
  expect(await count()).toBe('5 of 5 samples');
});

test('cancelling keeps what there is, and explaining again begins anew', async () => {
  await slide(page, 'samples', 200);
  // In the page, as the samples of a small model are soon there.
  await page.waitForFunction(() => {
    if (document.querySelector('#count')?.textContent?.startsWith('0') !== false) return false;
    document.querySelector<HTMLButtonElement>('#run')!.click();
    return true;
  });
  await page.getByRole('button', { name: 'Explain' }).waitFor();
  const stopped = await count();
  expect(stopped).toMatch(/^\d+ of 200 samples, stopped$/);
  await page.waitForTimeout(300);
  expect(await count()).toBe(stopped);
  expect(await page.textContent('#run-error')).toBe('');

  await slide(page, 'samples', 4);
  await hasFinished(page);
  await page.getByRole('button', { name: 'Explain' }).click();
  await hasFinished(page);
  expect(await count()).toBe('4 of 4 samples');
});

test('the overlay is downloaded as a PNG of the size of the photo', async () => {
  await explain(page, 'fake');
  const started = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download PNG' }).click();
  const download = await started;
  expect(download.suggestedFilename()).toBe('fake-smoothgrad.png');
  const file = path.join(folder, 'map.png');
  await download.saveAs(file); // which needs no disk in common with the browser
  const picture = sharp(file).ensureAlpha();
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  const shown = await pixelsOf(page, '#overlay');
  expect([info.width, info.height]).toEqual([shown.width, shown.height]);
  expect(Buffer.compare(data, Buffer.from(shown.data))).toBe(0);
});

test('colours, view, opacity and blur change without another run', async () => {
  const speed = await page.textContent('#speed');
  const changes = [
    () => page.getByLabel('Colours').selectOption('viridis'),
    () => page.getByLabel('View').selectOption('blend'),
    () => slide(page, 'opacity', 1),
    () => slide(page, 'blur', 0),
  ];
  for (const change of changes) {
    const before = (await pixelsOf(page, '#overlay')).data;
    await change();
    let data = before;
    while (Buffer.compare(Buffer.from(data), Buffer.from(before)) === 0)
      ({ data } = await pixelsOf(page, '#overlay'));
  }
  expect(await page.textContent('#speed')).toBe(speed);
});
