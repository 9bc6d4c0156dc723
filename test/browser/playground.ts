/** The playground as a user has it: opened in Chromium, and waited for. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { launchChromium } from '../../scripts/browser/chromium.js';
import { openPlaygroundSite } from './site.js';
import type { Site } from './site.js';
import { watchErrors } from './watch.js';

export interface Playground {
  readonly page: Page;
  /** What the page complained of in the console. */
  readonly errors: readonly string[];
}

/** Opens the page and waits until the model has said what it sees on the first sample. */
export async function openPlayground(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Playground> {
  const playground = await openPage(browser, address, options);
  await hasScores(playground.page);
  return playground;
}

/** Opens the page and chooses the small model before the page's own, slow one has loaded. */
export async function openWithSmallModel(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<Playground> {
  const playground = await openPage(browser, address, options);
  await playground.page.waitForSelector('.class');
  await useSmallModel(playground.page);
  return playground;
}

async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions,
): Promise<Playground> {
  const page = await browser.newPage(options);
  const errors = watchErrors(page);
  await page.goto(address);
  return { page, errors };
}

/** Opens the playground with the small model anew for each test of a file, and closes it after. */
export function openForEachTest(opened: (playground: Playground, site: Site) => void): void {
  let browser: Browser;
  let site: Site;
  let page: Page;

  beforeAll(async () => {
    [browser, site] = await Promise.all([launchChromium(), openPlaygroundSite()]);
  });

  beforeEach(async () => {
    const playground = await openWithSmallModel(browser, site.address);
    ({ page } = playground);
    opened(playground, site);
  });

  afterEach(() => page.close());

  afterAll(async () => {
    await browser.close();
    await site.close();
  });
}

/** Waits until the classes have scores. */
export async function hasScores(page: Page): Promise<void> {
  await page.waitForSelector('.class:not(.waiting)', { timeout: 60_000 });
}

/** Waits until a run has come to its end. */
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

/** Waits for an error at its place in the page. */
export async function errorAt(page: Page, place: 'photo' | 'model' | 'run'): Promise<string> {
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

/** A model that takes milliseconds: liveness, [n, 32, 32, 3] in 0..1 to two classes. */
export function smallModel(): ChosenFile[] {
  const names = Buffer.from('["fake", "real"]');
  return [
    ...humanFiles('liveness'),
    { name: 'names.json', mimeType: 'application/json', buffer: names },
  ];
}

export async function useSmallModel(page: Page): Promise<void> {
  await page.locator('summary').click();
  await page.setInputFiles('#model-files', smallModel());
  await page.waitForSelector('.class:not(.waiting):has-text("fake")', { timeout: 60_000 });
}
