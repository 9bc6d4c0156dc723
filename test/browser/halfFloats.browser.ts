// Oracle: plain JavaScript in float64 over the samples' gradients, to the precision of half floats.
import type { Browser, Page } from 'playwright-core';
import { connectChromium } from './browser.js';
import type {} from './pages/halfFloats.js';
import { openSite } from './site.js';
import type { Site } from './site.js';

let site: Site;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  site = await openSite('test/browser/pages');
  browser = await connectChromium();
  page = await browser.newPage();
  await page.goto(`${site.address}halfFloats.html`);
  await page.waitForFunction(() => 'smoothed' in globalThis);
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const SAMPLES = 12;
const mean = (values: number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
const variance = (values: number[]) => mean(values.map((each) => (each - mean(values)) ** 2));
const TRANSFORM: Record<string, (g: number) => number> = {
  meanAbs: Math.abs,
  meanSquare: (g) => g * g,
};

/** The least half float is 6e-8, the least normal one 6e-5, the greatest 65504. */
const CASES = [
  ['mean', 1e-4, 'linear'],
  ['mean', 2e4, 'constant'],
  ['meanAbs', 2e4, 'constant'],
  ['meanSquare', 1, 'linear'],
  ['meanSquare', 1e-4, 'linear'],
  ['meanSquare', 300, 'linear'],
  ['variance', 1e-4, 'linear'],
  ['variance', 300, 'linear'],
] as const;

function expectNear(actual: number[], expected: number[]): void {
  const greatest = Math.max(...expected.map(Math.abs));
  expect(actual).toHaveLength(expected.length);
  const wrong = expected.filter((each, i) => !(Math.abs(actual[i]! - each) <= 0.01 * greatest));
  expect({ wrong, actual: wrong.length > 0 ? actual : [] }).toEqual({ wrong: [], actual: [] });
}

describe.each([1, 5])('on half floats, %d samples a pass', (batchSize) => {
  test.each(CASES)('%s of gradients of %d', async (statistic, scale, kind) => {
    const withError = statistic !== 'variance';
    const options = { statistic, batchSize, at: [SAMPLES], seed: 1 };
    const { map, standardError, gradients, reliability, left } = await page.evaluate(
      ([factor, slope, rest]) => window.smoothed(factor, slope, rest),
      [
        scale,
        kind,
        { ...options, stdDev: kind === 'linear' ? 1 : 0.05, standardError: withError },
      ] as const,
    );
    const transform = TRANSFORM[statistic] ?? ((g: number) => g);
    const values = map.map((_, i) => gradients.map((sample) => transform(sample[i]!)));
    expectNear(map, values.map(withError ? mean : variance));
    if (withError && kind === 'linear') {
      expectNear(
        standardError,
        values.map((each) => Math.sqrt(variance(each) / (SAMPLES - 1))),
      );
    }
    expect(reliability).toBeGreaterThan(0.01);
    expect(left).toBe(0);
  });
});

test('a score that half floats do not hold is an error', async () => {
  const run = page.evaluate(() =>
    window.smoothed(3e4, 'linear', { at: [3], seed: 1, stdDev: 1 }).catch(String),
  );
  expect(await run).toContain('the score or its gradient is NaN or infinite at sample 0');
});
