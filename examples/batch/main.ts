/**
 * A folder of photos to a folder of pictures and a table of scores: `npx tsx examples/batch/main.ts
 * --help`.
 */
import { run } from '../shared/run.js';
import { startWorker } from '../shared/startWorker.js';
import { batch } from './batch.js';

const worker = new URL('./worker.ts', import.meta.url);

await run('batch', () => batch(process.argv.slice(2), () => startWorker(worker)));
