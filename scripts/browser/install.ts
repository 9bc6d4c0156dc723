/** A Chromium for a machine that has none. */
import { spawnSync } from 'node:child_process';
import { findChromium } from './chromium.js';

/**
 * Installs a Chromium where none is found: Debian's package as root, else the one of Playwright.
 *
 * @throws Error if neither can be installed
 */
export function ensureChromium(): void {
  if (findChromium() !== undefined) return;
  const root = asRoot();
  if (root !== undefined && isDebian()) {
    console.log('No Chromium is here: installing the package chromium by apt-get.');
    const apt = [...root, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
    const install = [...apt, 'install', '-y', '-q', '--no-install-recommends', 'chromium'];
    if (succeeds([...apt, 'update', '-q']) && succeeds(install) && findChromium() !== undefined)
      return;
  }
  console.log("No Chromium is here: downloading Playwright's, by 'npx playwright-core install'.");
  const download = ['npx', 'playwright-core', 'install', '--no-shell', 'chromium'];
  if (succeeds(download) && findChromium() !== undefined) return;
  throw new Error('no Chromium: install one, or name it in the environment variable CHROMIUM');
}

/** What to put before a command that root runs; undefined where that would ask for a password. */
function asRoot(): string[] | undefined {
  if (process.getuid?.() === 0) return [];
  return succeeds(['sudo', '-n', 'true']) ? ['sudo', '-n'] : undefined;
}

const isDebian = (): boolean => succeeds(['apt-get', '--version']);

/** Whether a command is there and ends well; what it prints goes to stderr if it fails. */
function succeeds([command, ...args]: string[]): boolean {
  const { status, stderr } = spawnSync(command!, args, { encoding: 'utf8' });
  if (status !== 0 && stderr) console.error(stderr.trimEnd());
  return status === 0;
}
