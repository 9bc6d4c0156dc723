import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

/** Connects to the Chromium of all tests. Closing it closes what was opened by this connection. */
export function connectChromium(): Promise<Browser> {
  return chromium.connect(process.env['CHROMIUM_ENDPOINT']!);
}
