/** Oracle: Chromium, which enforces the Content-Security-Policy that the playground's page has. */
import type { Page } from 'playwright-core';
import { openForAllTests } from './playground.js';

let page: Page;

openForAllTests((playground) => {
  ({ page } = playground);
});

declare global {
  interface Window {
    hasRun?: boolean;
    violations: string[];
  }
}

test('no script stands in the page as it is served, nor in an attribute', async () => {
  const html = await (await page.request.get(page.url())).text();
  const scripts = html.match(/<script\b[^>]*>/g) ?? [];
  expect(scripts.length).toBeGreaterThan(0);
  for (const script of scripts) expect(script).toMatch(/\ssrc=/);
  expect(html).not.toMatch(/<[^>]+\son\w+\s*=/);
  expect(html).not.toContain('javascript:');
  expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<script'));
});

test('a script, a handler and a script of elsewhere that get into the page do not run', async () => {
  await page.evaluate(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
      window.violations.push(effectiveDirective),
    );
    const script = document.createElement('script');
    script.textContent = 'window.hasRun = true';
    const image = document.createElement('img');
    image.setAttribute('onerror', 'window.hasRun = true');
    image.src = 'data:,';
    const other = document.createElement('script');
    other.src = 'https://elsewhere.example/script.js';
    document.body.append(script, image, other);
  });
  await page.waitForFunction(() => window.violations.length >= 3);
  expect(await page.evaluate(() => window.hasRun)).toBeUndefined();
  expect((await page.evaluate(() => window.violations)).sort()).toEqual([
    'script-src-attr',
    'script-src-elem',
    'script-src-elem',
  ]);
});
