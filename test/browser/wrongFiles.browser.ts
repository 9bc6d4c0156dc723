/** Files and addresses that the playground cannot use: one line says why. */
import type { Page } from 'playwright-core';
import { hasFinished, humanFiles, openForAllTests } from './playground.js';
import type { Site } from './site.js';

let site: Site;
let page: Page;
let errors: readonly string[];

openForAllTests((playground) => {
  ({ page, site, errors } = playground);
});

const text = (name: string, content: string) => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(content),
});
const [json] = humanFiles('liveness');

test.each([
  [
    'a text as a photo',
    [text('notes.txt', 'x')],
    'notes.txt: not an image that this browser can read',
  ],
  ['JSON that is none', [text('model.json', '{')], 'model.json: not JSON'],
  [
    'JSON of something else',
    [text('model.json', '{}')],
    'model.json: neither a model of TensorFlow.js nor a list of class names',
  ],
  [
    'weights alone',
    [text('a.bin', 'x'), text('b.bin', 'x')],
    'a.bin and 1 more: no model.json among them',
  ],
  ['a model without its weights', [json!], 'liveness.bin: choose it together with liveness.json'],
  [
    'weights that are cut',
    [json!, text('liveness.bin', 'x')],
    'liveness.bin: must hold 592976 bytes of weights, found 1',
  ],
])('%s is refused in one line', async (name, files, message) => {
  await page.setInputFiles(name.endsWith('photo') ? '#photo-file' : '#model-files', files);
  await page.locator('.error', { hasText: message }).waitFor();
  expect(await page.locator('.class.waiting').count()).toBe(0); // nothing pretends to load
  expect(await page.textContent('#count')).not.toContain('Loading');
  expect(errors).toEqual([]);
});

test('a URL where there is no model is refused in one line; a model at a URL is loaded', async () => {
  const url = page.getByLabel('URL of a TensorFlow.js model.json');
  await page.getByText('Your own model').click();
  await url.fill(`${site.address}nothing/model.json`);
  await page.getByRole('button', { name: 'Load URL' }).click();
  const message = `${site.address}nothing/model.json: HTTP status 404`;
  await page.locator('#own-error', { hasText: message }).waitFor();

  await url.fill(`${site.address}small/`);
  await page.getByRole('button', { name: 'Load URL' }).click();
  await page.waitForSelector('.class:has-text("fake")');
  await hasFinished(page);
  expect(await page.textContent('#own-error')).toBe('');
  expect(await page.textContent('#model-error')).toBe('');
});
