/** The build, made anew only where it is older than what it is made of. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const SOURCES = ['src', 'package.json', 'tsup.config.ts', 'tsconfig.json'];
/** The last file that tsup writes, and one of each kind. */
const BUILT = [
  'dist/index.js',
  'dist/index.d.ts',
  'dist/index.d.cts',
  'dist/tfjs-saliency.global.js',
];

/** Builds the library unless it is newer than its sources. */
export function buildIfOlder(): boolean {
  const built = BUILT.map((file) => (existsSync(file) ? statSync(file).mtimeMs : 0));
  if (Math.min(...built) > Math.max(...SOURCES.flatMap(timesIn))) return true;
  return spawnSync('npm', ['run', '-s', 'build'], { stdio: 'inherit' }).status === 0;
}

/** The times at which files and folders were changed; a removal changes the folder. */
function timesIn(name: string): number[] {
  const status = statSync(name);
  if (!status.isDirectory()) return [status.mtimeMs];
  return [status.mtimeMs, ...readdirSync(name).flatMap((entry) => timesIn(path.join(name, entry)))];
}
