/**
 * A transformer for Jest: TypeScript to CommonJS by esbuild, types stripped and not checked.
 *
 * `npm run types` checks them. ts-jest does the same in several times as long.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { transformSync, version } from 'esbuild';

/** @type {import('esbuild').TransformOptions} */
const OPTIONS = {
  loader: 'ts',
  format: 'cjs',
  target: 'node20',
  // Jest has no loader of ES modules: import() becomes require().
  supported: { 'dynamic-import': false },
  sourcemap: true,
  sourcesContent: false,
};

const code = readFileSync(new URL(import.meta.url));

/** @type {import('@jest/transform').SyncTransformer} */
const transformer = {
  getCacheKey: (source, file) =>
    createHash('sha256').update([version, file, source].join('\0')).update(code).digest('hex'),
  process: (source, file) => transformSync(source, { ...OPTIONS, sourcefile: file }),
};

export default transformer;
