// Oracle: the same network in tfjs.
import { connectChromium } from './browser.js';
import { openSite } from './site.js';
import type {} from './pages/onnx.js';

test("in a page too, an ONNX model's maps are those of the same network in tfjs", async () => {
  const site = await openSite('test/browser/pages');
  const browser = await connectChromium();
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(`${site.address}onnx.html`);
    await page.waitForFunction(() => 'compareWithTfjs' in globalThis);
    const { occlusion, rise } = await page.evaluate(() => window.compareWithTfjs());
    expect(occlusion).toBeLessThan(1e-4);
    expect(rise).toBeLessThan(1e-4);
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
    await site.close();
  }
});
