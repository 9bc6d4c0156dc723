/** Every control of the playground, with a model that takes milliseconds. */
import type { Page } from 'playwright-core';
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { hasFinished, openForEachTest, slide } from './playground.js';
import { pixelsOf } from './pixels.js';

let page: Page;
let errors: readonly string[];

openForEachTest((playground) => {
  ({ page, errors } = playground);
});

const chooseFake = (): Promise<void> => page.getByRole('radio', { name: 'fake' }).check();

test('another sample, and a photo of the user, are classified anew', async () => {
  const scores = (): Promise<string[]> => page.locator('.class .score').allTextContents();
  await page.getByRole('button', { name: 'A sculpture in a pond: a spoon with a cherry' }).click();
  await page.waitForFunction(() =>
    document.querySelector('#photo')?.getAttribute('aria-label')?.includes('spoon'),
  );
  await page.waitForSelector('.class:has-text("fake")');
  const [one, other] = (await scores()).map((text) => Number(text.replace(' %', '')));
  expect(Math.abs(one! + other! - 100)).toBeLessThanOrEqual(1); // two classes of a softmax

  const buffer = await sharp({ create: { width: 30, height: 90, channels: 3, background: 'gray' } })
    .png()
    .toBuffer();
  await page.setInputFiles('#photo-file', { name: 'gray.png', mimeType: 'image/png', buffer });
  await page.getByRole('img', { name: 'Your photo gray.png' }).waitFor();
  const { width, height } = await pixelsOf(page, '#photo');
  expect([width, height]).toEqual([30, 90]);
  expect(errors).toEqual([]);
});

test('a dropped photo is opened', async () => {
  const transfer = await page.evaluateHandle(async () => {
    const canvas = new OffscreenCanvas(20, 10);
    canvas.getContext('2d')!.fillRect(0, 0, 20, 10);
    const transfer = new DataTransfer();
    transfer.items.add(
      new File([await canvas.convertToBlob()], 'dropped.png', { type: 'image/png' }),
    );
    return transfer;
  });
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  await page.getByRole('img', { name: 'Your photo dropped.png' }).waitFor();
  expect(errors).toEqual([]);
});

test('a new photo ends the run, and what the model says of it is explained at once', async () => {
  await slide(page, 'samples', 200);
  await chooseFake();
  await page.waitForFunction(() => document.querySelector('progress')!.value > 0);
  await page.getByRole('button', { name: 'A sculpture in a pond: a spoon with a cherry' }).click();
  await page.waitForFunction(() => document.querySelector('progress')!.value === 0);
  await page.locator('.card:has([value=vanillaGradient]):not(.empty)').waitFor();
  await hasFinished(page);
  const first = page.locator('.class').first();
  expect(await first.locator('input').isChecked()).toBe(true); // the highest score
  const name = (await first.locator('.name').textContent())!;
  expect(await page.textContent('#caption')).toContain(`“${name}”`);
  expect(errors).toEqual([]);
});

test('any method is averaged', async () => {
  await slide(page, 'samples', 10);
  await page.getByLabel('Averaged').selectOption('gradientTimesInput');
  await hasFinished(page);
  expect(await page.textContent('#caption')).toMatch(
    /: Smooth gradient times input, 10 samples\.$/,
  );
  expect(errors).toEqual([]);
});

test('a pasted photo is opened', async () => {
  await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(10, 20);
    canvas.getContext('2d')!.fillRect(0, 0, 10, 20);
    const clipboardData = new DataTransfer();
    clipboardData.items.add(
      new File([await canvas.convertToBlob()], 'pasted.png', { type: 'image/png' }),
    );
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData }));
  });
  await page.getByRole('img', { name: 'Your photo pasted.png' }).waitFor();
  expect(errors).toEqual([]);
});

test('noise and samples are those that were set', async () => {
  await slide(page, 'samples', 30);
  await slide(page, 'noise', 0.3);
  await chooseFake();
  await hasFinished(page);
  expect(await page.locator('output').allTextContents()).toEqual(['30', '30 %', '2 %']);
  expect(await page.textContent('#count')).toBe('30 of 30 samples');
  await slide(page, 'samples', 20);
  await page.waitForFunction(
    () => document.querySelector('#count')?.textContent === '20 of 20 samples',
  );
  expect(errors).toEqual([]);
});

test('cancelling keeps what there is, and explaining again begins anew', async () => {
  await slide(page, 'samples', 200);
  await chooseFake();
  await page.waitForFunction(() => document.querySelector('progress')!.value > 0);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Explain' }).waitFor();
  const count = await page.textContent('#count');
  expect(count).toMatch(/^\d+ of 200 samples, stopped$/);
  await page.locator('#overlay').waitFor();
  await page.waitForTimeout(500);
  expect(await page.textContent('#count')).toBe(count);
  expect(await page.textContent('#run-error')).toBe('');

  await page.getByRole('button', { name: 'Explain' }).click();
  await hasFinished(page);
  expect(await page.textContent('#count')).toBe('200 of 200 samples');
  expect(errors).toEqual([]);
});

test('the overlay is downloaded as a PNG of the size of the photo', async () => {
  await slide(page, 'samples', 10);
  await chooseFake();
  await hasFinished(page);
  const started = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download PNG' }).click();
  const download = await started;
  expect(download.suggestedFilename()).toBe('fake-smoothgrad.png');
  const picture = sharp(readFileSync(await download.path())).ensureAlpha();
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  const shown = await pixelsOf(page, '#overlay');
  expect([info.width, info.height]).toEqual([600, 450]);
  expect(Buffer.compare(data, Buffer.from(shown.data))).toBe(0);
  expect(errors).toEqual([]);
});

test('colours, view and blur change without another run', async () => {
  await slide(page, 'samples', 10);
  await chooseFake();
  await hasFinished(page);
  const speed = await page.textContent('#speed');
  const changes = [
    () => page.getByLabel('Colours').selectOption('viridis'),
    () => page.getByLabel('View').selectOption('contour'),
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
  expect(errors).toEqual([]);
});
