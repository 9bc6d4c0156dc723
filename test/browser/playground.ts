/** The playground as a user has it: opened in Chromium, and waited for. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { connectChromium } from './browser.js';
import { openPlaygroundSite } from './site.js';
import type { Site } from './site.js';
import { watchErrors } from './watch.js';

export interface Playground {
  readonly page: Page;
  readonly site: Site;
  /** What the page complained of in the console. */
  readonly errors: readonly string[];
}

/** What is behind the # of the page's address. */
export type Link = Readonly<Record<string, string | number>>;

/** A model that takes milliseconds: liveness, [n, 32, 32, 3] in 0..1 to two classes. */
const SMALL: Link = {
  model: 'small/model.json',
  preset: 'unit',
  maps: 'vanillaGradient',
  samples: 2,
};

/** Averaged maps as well, for which all workers have to start. */
export const SMOOTH: Link = { maps: 'vanillaGradient smooth', show: 'smooth' };

/** Opens the page, with its own model unless the link names another. */
export async function openPlayground(
  browser: Browser,
  site: Site,
  link: Link = {},
  options: BrowserContextOptions = {},
): Promise<Playground> {
  const page = await browser.newPage(options);
  const errors = watchErrors(page);
  await goTo(page, site, link);
  return { page, site, errors };
}

/** Opens the page with the small model, of whose photo there are maps then. */
export async function openSmall(
  browser: Browser,
  site: Site,
  link: Link = {},
  options: BrowserContextOptions = {},
): Promise<Playground> {
  const playground = await openPlayground(browser, site, smallLink(site, link), options);
  await hasFinished(playground.page);
  return playground;
}

export function smallLink(site: Site, link: Link = {}): Link {
  return { ...SMALL, model: `${site.address}small/model.json`, ...link };
}

/** Loads the page anew. */
export async function goTo(page: Page, site: Site, link: Link): Promise<void> {
  const hash = new URLSearchParams(Object.entries(link).map(([key, value]) => [key, `${value}`]));
  await page.goto('about:blank'); // else only the address would be another
  await page.goto(`${site.address}#${hash.toString()}`);
}

/** Opens the playground with the small model once for all tests of a file, and closes it after. */
export function openForAllTests(
  opened: (playground: Playground, browser: Browser) => void,
  link: Link = {},
): void {
  let browser: Browser;
  let site: Site;

  beforeAll(async () => {
    [browser, site] = await Promise.all([connectChromium(), openPlaygroundSite()]);
    opened(await openSmall(browser, site, link), browser);
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });
}

/** Waits until there are all maps that are wanted. */
export async function hasFinished(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const [progress, button] = [
        document.querySelector('progress'),
        document.querySelector('#run'),
      ];
      return progress?.value === 1 && button?.textContent === 'Explain';
    },
    undefined,
    { timeout: 110_000 },
  );
}

/** Chooses a class, and waits for its maps. */
export async function explain(page: Page, className: 'fake' | 'real'): Promise<void> {
  await page.getByRole('radio', { name: className }).check();
  await hasFinished(page);
}

/** Waits for an error at its place in the page. */
export async function errorAt(page: Page, place: 'photo' | 'own' | 'model'): Promise<string> {
  const selector = `#${place}-error`;
  await page.waitForFunction(
    (selector) => document.querySelector(selector)!.textContent !== '',
    selector,
  );
  return (await page.textContent(selector))!;
}

/** Moves a slider as a user's mouse does. */
export async function slide(page: Page, id: string, value: number): Promise<void> {
  await page.locator(`#${id}`).evaluate((slider: HTMLInputElement, value) => {
    slider.value = String(value);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    slider.dispatchEvent(new Event('change', { bubbles: true }));
  }, value);
}

export interface ChosenFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Files of a model of @vladmandic/human. */
export function humanFiles(model: string): ChosenFile[] {
  const models = path.join(path.dirname(require.resolve('@vladmandic/human')), '../models');
  const read = (name: string): Buffer => readFileSync(path.join(models, name));
  return [
    { name: `${model}.json`, mimeType: 'application/json', buffer: read(`${model}.json`) },
    { name: `${model}.bin`, mimeType: 'application/octet-stream', buffer: read(`${model}.bin`) },
  ];
}
