/** What Jest does once, before all browser tests: a Chromium, and the playground's build. */
import { require } from 'tsx/cjs/api';

const { ensureChromium } = require('../../scripts/browser/install.ts', import.meta.url);
const { buildPlayground } = require('./site.ts', import.meta.url);

export default async function setUp() {
  ensureChromium();
  await buildPlayground();
}
