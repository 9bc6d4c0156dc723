/** What Jest does once, before all browser tests: a Chromium, and the builds of the pages. */
import { require } from 'tsx/cjs/api';

const { ensureChromium } = require('../../scripts/browser/install.ts', import.meta.url);
const { buildSites } = require('./site.ts', import.meta.url);

export default async function setUp() {
  ensureChromium();
  await buildSites();
}
