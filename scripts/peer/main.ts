/**
 * The unit tests that need no browser on another TensorFlow.js: `npm run test:peer -- 4.15.0`.
 *
 * Without a version, on the oldest that the peer range allows. All happens in a temporary copy.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const NAMES = ['core', 'backend-cpu', 'backend-wasm', 'layers', 'converter'];
/** They install tfjs by themselves, or test the build. */
const EXCLUDED = ['/test/package/', '/test/browser/'];

const { peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  peerDependencies: Record<string, string>;
};
const oldest = peerDependencies['@tensorflow/tfjs-core']!.replace('^', '');
const [version = oldest, ...patterns] = process.argv.slice(2);

const folder = mkdtempSync(path.join(tmpdir(), 'tfjs-saliency-peer-'));
try {
  const files = ['src', 'test', 'examples', 'scripts', 'docs', 'package.json'];
  for (const file of [...files, 'jest.config.js', 'tsconfig.json'])
    cpSync(file, path.join(folder, file), { recursive: true });
  const modules = path.join(folder, 'node_modules');
  cpSync('node_modules', modules, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => !file.startsWith(path.join('node_modules', '@tensorflow')),
  });
  const packages = NAMES.map((name) => `@tensorflow/tfjs-${name}@${version}`);
  const tfjs = path.join(folder, 'tfjs');
  const flags = ['--prefix', tfjs, '--no-save', '--no-audit', '--ignore-scripts'];
  execFileSync('npm', ['install', ...flags, ...packages], { stdio: 'inherit' });
  symlinkSync(path.join(tfjs, 'node_modules/@tensorflow'), path.join(modules, '@tensorflow'));
  const jest = path.join(modules, 'jest/bin/jest.js');
  const ignored = EXCLUDED.flatMap((pattern) => ['--testPathIgnorePatterns', pattern]);
  // Patterns come first: an option that takes several values would take them too.
  const args = [jest, ...patterns, '--selectProjects', 'unit', ...ignored];
  process.exitCode =
    spawnSync(process.execPath, args, { cwd: folder, stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
