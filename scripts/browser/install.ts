/** A Chromium for a machine that has none. */
import { installPackage, succeeds } from '../debian.js';
import { findChromium } from './chromium.js';

/**
 * Installs a Chromium where none is found: Debian's package as root, else the one of Playwright.
 *
 * @throws Error if neither can be installed
 */
export function ensureChromium(): void {
  if (findChromium() !== undefined) return;
  console.log('No Chromium is here.');
  if (installPackage('chromium') && findChromium() !== undefined) return;
  console.log("Downloading Playwright's, by 'npx playwright-core install'.");
  const download = ['npx', 'playwright-core', 'install', '--no-shell', 'chromium'];
  if (succeeds(download) && findChromium() !== undefined) return;
  throw new Error('no Chromium: install one, or name it in the environment variable CHROMIUM');
}
