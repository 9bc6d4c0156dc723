// Web Workers in real Chromium: what Node's worker threads do not have.
import type { Browser, Page } from 'playwright-core';
import { connectChromium } from './browser.js';
import { openSite } from './site.js';
import type { Site } from './site.js';
import type { Tests } from './pages/worker.js';

let site: Site;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  site = await openSite('test/browser/pages');
  browser = await connectChromium();
  page = await browser.newPage();
  await page.goto(`${site.address}worker.html`);
  await page.waitForFunction(() => 'tests' in globalThis);
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const run = <Name extends keyof Tests>(name: Name): Promise<Awaited<ReturnType<Tests[Name]>>> =>
  page.evaluate((each) => (globalThis as unknown as { tests: Tests }).tests[each]() as never, name);

// Of 2 (1 + 2 + 3), for both classes.
const alive = [12, 12];

test('a worker that the page terminates rejects its pending calls, and is started anew', async () => {
  expect(await run('terminated')).toEqual(['connectSaliency: the worker was closed', alive]);
});

test('so does one that closes itself', async () => {
  expect(await run('closed')).toEqual(['connectSaliency: the worker was closed', alive]);
});

test('and one with an error that nothing catches', async () => {
  expect(await run('thrown')).toEqual([
    'connectSaliency: the worker failed: Uncaught Error: out of luck',
    alive,
  ]);
});

test('a script that is not there is told', async () => {
  expect(await run('missing')).toBe('connectSaliency: the worker failed: it could not be started');
});

test('a canvas gives what its pixels give', async () => {
  const { canvas, pixels, shape } = await run('pixels');
  expect(canvas).toEqual(pixels.map((value) => expect.closeTo(value, 1) as unknown));
  expect(canvas[0]).toBeGreaterThan(0);
  expect(shape).toEqual([224, 224, 3]);
});
