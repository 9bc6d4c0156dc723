/** Files and addresses that the playground cannot use: one line says why. */
import type { Page } from 'playwright-core';
import { errorAt, openForEachTest, smallModel } from './playground.js';
import type { Site } from './site.js';

let site: Site;
let page: Page;
let errors: readonly string[];

openForEachTest((playground, opened) => {
  ({ page, errors } = playground);
  site = opened;
});

const text = (name: string, content: string) => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(content),
});

test.each([
  [
    'a text as a photo',
    '#photo-file',
    [text('notes.txt', 'no photo')],
    'notes.txt: not an image that this browser can read',
  ],
  ['JSON that is none', '#model-files', [text('model.json', '{')], 'model.json: not JSON'],
  [
    'JSON of something else',
    '#model-files',
    [text('model.json', '{}')],
    'model.json: neither a model of TensorFlow.js nor a list of class names',
  ],
  [
    'weights alone',
    '#model-files',
    [text('a.bin', 'x'), text('b.bin', 'x')],
    'a.bin and 1 more: no model.json among them',
  ],
  [
    'a model without its weights',
    '#model-files',
    [smallModel()[0]!],
    'liveness.bin: choose it together with liveness.json',
  ],
  [
    'weights that are cut',
    '#model-files',
    [smallModel()[0]!, text('liveness.bin', 'x')],
    'liveness.bin: must hold 592976 bytes of weights, found 1',
  ],
])('%s is refused in one line', async (_, input, files, message) => {
  await page.setInputFiles(input, files);
  expect(await errorAt(page, input === '#photo-file' ? 'photo' : 'model')).toBe(message);
  expect(await page.locator('.class.waiting').count()).toBe(0); // nothing pretends to load
  expect(errors).toEqual([]);
});

test('a model at a URL is loaded; a URL where there is none is refused in one line', async () => {
  await page
    .getByLabel('URL of a TensorFlow.js model.json')
    .fill(`${site.address}nothing/model.json`);
  await page.getByRole('button', { name: 'Load URL' }).click();
  expect(await errorAt(page, 'model')).toBe(`${site.address}nothing/model.json: HTTP status 404`);

  await page.route('**/own/*', (route) => {
    const file = smallModel().find(({ name }) => route.request().url().endsWith(name))!;
    return route.fulfill({ body: file.buffer, contentType: file.mimeType });
  });
  await page
    .getByLabel('URL of a TensorFlow.js model.json')
    .fill(`${site.address}own/liveness.json`);
  await page.getByRole('button', { name: 'Load URL' }).click();
  await page.waitForSelector('.class:has-text("class 0")');
  expect(await page.textContent('#model-error')).toBe('');

  await page.getByRole('button', { name: 'Back to CenterNet' }).click();
  await page.waitForSelector('.class:has-text("bowl")', { timeout: 60_000 });
});
