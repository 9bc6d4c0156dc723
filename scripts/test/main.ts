/** `npm test` and, with --fast, `npm run test:fast`: the last line says how many passed. */
import { availableParallelism } from 'node:os';
import { buildIfOlder } from './build.js';
import { runSteps, sumOf } from './run.js';
import type { Count } from './run.js';
import { ALL, CHECKS, FAST } from './steps.js';

const counts: Count[] = [];
if (process.argv.includes('--fast')) {
  counts.push(await runSteps(FAST, 1));
} else if (buildIfOlder()) {
  counts.push(await runSteps(CHECKS, availableParallelism()));
  counts.push(await runSteps(ALL, 1));
} else {
  counts.push({ passed: 0, failed: 1, skipped: 0 });
}

const { passed, failed, skipped } = sumOf(counts);
console.log(`${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`);
process.exitCode = failed === 0 ? 0 : 1;
