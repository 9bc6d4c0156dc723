/** The page's address says what is on screen. Oracle: the pixels of the page that it was copied in. */
import type { Browser, Page } from 'playwright-core';
import {
  goTo,
  hasFinished,
  openForAllTests,
  openPlayground,
  slide,
  smallLink,
  SMOOTH,
} from './playground.js';
import { pixelsOf } from './pixels.js';
import type { Link } from './playground.js';
import type { Site } from './site.js';

let page: Page;
let site: Site;
let errors: readonly string[];
let browser: Browser;

openForAllTests((playground, chromium) => {
  ({ page, site, errors } = playground);
  browser = chromium;
}, SMOOTH);

test('a copied link shows the same picture', async () => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Two phones' }).click();
  await page.getByRole('img', { name: 'Two phones' }).waitFor();
  await page.getByRole('radio', { name: 'real' }).check();
  await page.getByLabel('Averaged').selectOption('gradientTimesInput');
  await page.getByLabel('View').selectOption('contour');
  await page.getByLabel('Colours').selectOption('magma');
  await slide(page, 'noise', 0.25);
  await slide(page, 'opacity', 0.6);
  await slide(page, 'blur', 0.03);
  await slide(page, 'samples', 4);
  await hasFinished(page);
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());

  const { page: other } = await openPlayground(
    browser,
    { ...site, address: link.split('#')[0]! },
    {
      ...Object.fromEntries(new URL(link.replace('#', '?')).searchParams),
    },
  );
  await hasFinished(other);
  for (const id of ['samples', 'noise', 'method', 'view', 'opacity', 'blur', 'colormap'])
    expect([id, await other.inputValue(`#${id}`)]).toEqual([id, await page.inputValue(`#${id}`)]);
  expect(await other.textContent('#caption')).toBe(await page.textContent('#caption'));
  expect((await pixelsOf(other, '#overlay')).data).toEqual((await pixelsOf(page, '#overlay')).data);
  expect(errors).toEqual([]);
  await other.close();
});

test('two classes that are compared are in the link as well', async () => {
  await goTo(page, site, smallLink(site, { class: 1, against: 0, show: 'difference' }));
  await hasFinished(page);
  expect(await page.textContent('#caption')).toMatch(/^Where the score of “real”/);
  expect(page.url()).toContain('class=1&against=0');
});

/** Each is wrong in several ways. */
const WRONG: readonly Link[] = [
  { samples: 'many', noise: -1, averaged: 'x', view: 'x', colours: '', blur: 7, opacity: 'NaN' },
  { samples: 1e9, show: '__proto__', class: 99, against: -1, photo: '../..', preset: 'x' },
  { samples: 2.5, class: '1e1', against: 99, blur: ' ', '%': '%E0%A4%A' },
];

test('what a link says wrongly is as if it were not said', async () => {
  for (const wrong of WRONG) {
    await goTo(page, site, smallLink(site, wrong));
    await page.waitForSelector('.class:has-text("fake")');
    await hasFinished(page);
    const values = ['samples', 'noise', 'blur', 'opacity', 'method', 'view', 'colormap'].map((id) =>
      page.inputValue(`#${id}`),
    );
    expect(await Promise.all(values)).toEqual([
      '50',
      '0.15',
      '0.02',
      '0.75',
      'vanillaGradient',
      'heat',
      'inferno',
    ]);
    const state = new URLSearchParams(new URL(page.url()).hash.slice(1));
    expect(['0', '1']).toContain(state.get('class'));
    expect(state.has('against')).toBe(false);
  }
  expect(errors).toEqual([]);
});

test('a model that a link names and that is not there leaves the page usable', async () => {
  const link = { ...smallLink(site), model: `${site.address}nothing/model.json` };
  await goTo(page, site, link);
  await page.locator('#own-error', { hasText: 'HTTP status 404' }).waitFor();
  await page.getByRole('radio', { name: 'sports ball' }).waitFor();
});
