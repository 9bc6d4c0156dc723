/**
 * What Jest does once, before all browser tests: the builds of the pages, and one Chromium, to which
 * every file of tests connects.
 */
import { require } from 'tsx/cjs/api';

const { ensureChromium } = require('../../scripts/browser/install.ts', import.meta.url);
const { serveChromium } = require('../../scripts/browser/chromium.ts', import.meta.url);
const { buildSites } = require('./site.ts', import.meta.url);

export default async function setUp() {
  ensureChromium();
  await buildSites();
  const server = await serveChromium();
  process.env.CHROMIUM_ENDPOINT = server.wsEndpoint();
  globalThis.closeChromium = () => server.close();
}
