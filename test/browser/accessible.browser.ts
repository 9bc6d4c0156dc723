/** The playground for everyone: by keyboard, by screen reader (axe), in the dark, on a phone. */
import type { Browser, Page } from 'playwright-core';
import { readFileSync } from 'node:fs';
import { connectChromium } from './browser.js';
import { errorAt, explain, hasFinished, openSmall, SMOOTH } from './playground.js';
import { openPlaygroundSite } from './site.js';
import type { Site } from './site.js';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

let browser: Browser;
let site: Site;

beforeAll(async () => {
  [browser, site] = await Promise.all([connectChromium(), openPlaygroundSite()]);
});

afterAll(async () => {
  await browser.close();
  await site.close();
});

/** What axe finds, one line each. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: () => Promise<AxeResults> } };
    // Colours change over a while.
    await new Promise(requestAnimationFrame);
    const changes = document.getAnimations().filter((change) => change instanceof CSSTransition);
    await Promise.all(changes.map(({ finished }) => finished));
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

test.each([
  ['light', DESKTOP],
  ['dark', PHONE],
] as const)(
  'axe finds nothing, and nothing is wider than the page (%s, %o)',
  async (colorScheme, viewport) => {
    const { page, errors } = await openSmall(browser, site, {}, { colorScheme, viewport });
    const isWider = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    for (const details of await page.locator('summary').all()) await details.click();
    const text = { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('no photo') };
    await page.setInputFiles('#photo-file', text);
    await errorAt(page, 'photo');
    expect(await violations(page)).toEqual([]);
    expect(await isWider()).toBe(false);

    // The other scheme, whose colours alone differ.
    await page.emulateMedia({ colorScheme: colorScheme === 'dark' ? 'light' : 'dark' });
    expect(await violations(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  },
);

test('everything can be reached and used by keyboard', async () => {
  const { page, errors } = await openSmall(browser, site, SMOOTH);
  const focused = (): Promise<string> => page.evaluate(() => document.activeElement!.outerHTML);
  const tabTo = async (selector: string): Promise<void> => {
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate((selector) => document.activeElement!.matches(selector), selector))
        return;
    }
    throw new Error(`${selector} cannot be reached from ${await focused()}`);
  };

  await tabTo('.sample:nth-of-type(3)');
  await page.keyboard.press('Enter');
  await page.getByRole('img', { name: 'Two phones' }).waitFor();
  await page.waitForSelector('.class:has-text("fake")');
  await tabTo('#photo-file');
  await tabTo('#open-camera');
  await tabTo('#model');
  await tabTo('[name=class]');
  await page.keyboard.press('Space');
  await hasFinished(page);
  await tabTo('#against');
  await tabTo('#noise');
  await tabTo('#backend');
  await tabTo('[name=method]');
  await page.keyboard.press('Space');
  await page.locator('.card:not(.empty)', { hasText: 'Grad-CAM' }).waitFor();
  await hasFinished(page);
  await tabTo('#wipe');
  await page.keyboard.press('End');
  const wipe = await page
    .locator('.stage')
    .evaluate((stage) => getComputedStyle(stage).getPropertyValue('--wipe'));
  expect(wipe).toBe('100%');
  await tabTo('#copy');
  await tabTo('#run');
  await page.keyboard.press('Enter');
  await hasFinished(page);
  expect(await focused()).toContain('id="run"');
  await tabTo('[name=map]');
  await page.keyboard.press('ArrowUp');
  expect(await page.textContent('#caption')).toMatch(/: Vanilla gradient, without noise\.$/);
  expect(errors).toEqual([]);
  await page.close();
});

test('a screen reader is told when a run begins and ends, and where the map is bright', async () => {
  const { page, errors } = await openSmall(browser, site, { ...SMOOTH, class: 0, samples: 4 });
  expect(await page.textContent('#status')).toMatch(/^fake: 4 of 4 samples, reliability \d\.\d\d$/);
  const map = page.getByRole('img', { name: /^SmoothGrad, 4 samples: brightest (at|in) the / });
  expect(await map.count()).toBe(2); // on its card and over the photo
  expect(errors).toEqual([]);
  await page.close();
});

test('on a phone, the photo is brought into view when a class is chosen', async () => {
  const options = { viewport: PHONE, reducedMotion: 'reduce' } as const;
  const { page, errors } = await openSmall(browser, site, { class: 0 }, options);
  await page.evaluate(() => {
    document.querySelector('#classes')!.scrollIntoView();
  });
  await explain(page, 'real');
  const { y, height } = (await page.locator('.stage').boundingBox())!;
  // a page scrolls by whole pixels, boxes end between them
  expect(y).toBeGreaterThan(-1);
  expect(y + height).toBeLessThan(PHONE.height + 1);
  expect(errors).toEqual([]);
  await page.close();
});
