/**
 * `npm run conformance`: every case of test/conformance on each backend of a headless Chromium, the
 * library beside plain tf.grad. CHROMIUM names the browser's binary, RESULTS a file for the single
 * verdicts (JSON).
 */
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { TOLERANCE } from '../../test/conformance/judge.js';
import { withPage } from '../browser/open.js';
import { tableOf } from './table.js';
import { WAYS } from './verdicts.js';
import type { Results } from './verdicts.js';

/** Whether nothing of the library's own is wrong. */
const isRight = ({ rows, networks }: Results): boolean =>
  rows.every(({ way, state }) => way !== WAYS[0] || (state !== 'wrong' && state !== 'throws')) &&
  networks.every(({ distances }) => distances.every((each) => each <= TOLERANCE));

const threads = Math.max(2, availableParallelism());
const results = await withPage(
  path.join(import.meta.dirname, 'page.ts'),
  'runConformance',
  (page) => page.evaluate((count) => window.runConformance(count), threads),
);
if (process.env['RESULTS'] !== undefined)
  await writeFile(process.env['RESULTS'], JSON.stringify(results));
console.log(tableOf(results));
if (!isRight(results)) process.exitCode = 1;
