// Oracle: where 0 < y < ceiling, dy, else 0; and the cpu backend, which runs no such program.
import type { Page } from 'playwright-core';
import { connectChromium } from './browser.js';
import type { Rectified } from './pages/rectifierGradient.js';
import { openSite } from './site.js';

const SHAPES = [
  [1],
  [7],
  [4],
  [3, 5],
  [2, 8],
  [1, 3, 3, 4],
  [2, 5, 3, 3],
  [1, 1, 1, 8],
  [2, 1, 3, 2, 5],
];

const EDGES = [0, -1, 6, 5.999, 6.001, 1e-30, 1e30, -1e30];

const CASES: Rectified[] = SHAPES.flatMap((shape) =>
  [null, 6, 1.5].map((ceiling) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const numbers = Array.from({ length: size }, (_, i) => i);
    const y = numbers.map((i) => (i % 2 === 0 ? EDGES[(i / 2) % 8]! : 8 * Math.sin(i)));
    return { shape, ceiling, dy: numbers.map((i) => Math.fround(Math.cos(i))), y };
  }),
);

const expected = CASES.map(({ ceiling, dy, y }) =>
  dy.map((value, i) => (y[i]! > 0 && y[i]! < (ceiling ?? Infinity) ? value : 0)),
);

/** Backends, and whether tensors are packed. */
const BACKENDS: [string, Record<string, boolean>][] = [
  ['webgl', { WEBGL_PACK: true }],
  ['webgl', { WEBGL_PACK: false }],
  ['webgpu', {}],
];

/** Calls `use` with the page in Chromium. */
async function open(use: (page: Page) => Promise<void>): Promise<void> {
  const site = await openSite('test/browser/pages');
  const browser = await connectChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`${site.address}rectifierGradient.html`);
    await page.waitForFunction(() => 'isReady' in globalThis);
    await use(page);
  } finally {
    await browser.close();
    await site.close();
  }
}

test("the rectifiers' gradient is dy where the rectifier is open, on all GPU backends", async () => {
  await open(async (page) => {
    await page.evaluate(() => window.use('cpu', {}));
    const onCpu = await page.evaluate(() => window.networkGradient());
    expect(onCpu.left).toBe(0);
    for (const [backend, flags] of BACKENDS) {
      const has = await page.evaluate(([name, set]) => window.use(name, set), [
        backend,
        flags,
      ] as const);
      expect([backend, has]).toEqual([backend, true]);
      const results = await page.evaluate((cases) => window.rectify(cases), CASES);
      expect(results).toEqual(expected);
      const { gradient, left } = await page.evaluate(() => window.networkGradient());
      expect(left).toBe(0);
      const greatest = Math.max(...onCpu.gradient.map(Math.abs));
      gradient.forEach((value, i) => {
        expect(Math.abs(value - onCpu.gradient[i]!)).toBeLessThan(1e-4 * greatest);
      });
    }
  });
});
