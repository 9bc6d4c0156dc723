/** Explains photos from the queue: `npx tsx examples/cluster/worker.ts --help`. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { positiveInteger, positiveNumber, required } from '../shared/flags.js';
import { run } from '../shared/run.js';
import { startWorker } from '../shared/startWorker.js';
import { openExplainer } from './explain.js';
import { readPhoto } from './photos.js';
import { openStorage } from './storage.js';
import { work } from './work.js';

const usage = `Usage: npx tsx examples/cluster/worker.ts --queue redis://HOST:PORT --out FOLDER_OR_S3 [options]

Takes photos from the queue and writes their results, beside any number of other workers.

  --queue URL        Redis
  --out WHERE        a folder that all workers see, or s3://BUCKET/PREFIX
  --endpoint URL     of S3-compatible storage that is not Amazon's own
  --workers N        threads that compute (one per processor core: ${availableParallelism()})
  --lease SECONDS    after which a silent worker's photos are others' (30): at most 1.5 times as long
  --until-empty      end when there is nothing left
`;

/** While one photo is read or drawn, the threads have another. */
const AT_ONCE = 2;

const { values } = parseArgs({
  options: {
    queue: { type: 'string' },
    out: { type: 'string' },
    endpoint: { type: 'string' },
    workers: { type: 'string', default: String(availableParallelism()) },
    lease: { type: 'string', default: '30' },
    'until-empty': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const queue = required('queue', values.queue);
  const out = required('out', values.out);
  const { endpoint } = values;
  const threads = positiveInteger('workers', values.workers);
  const lease = positiveNumber('lease', values.lease);
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interruption.abort();
    });
  }
  const thread = new URL('../batch/worker.ts', import.meta.url);
  const explainer = await openExplainer(() => startWorker(thread), threads);
  try {
    const { done } = await work({
      queue,
      storage: openStorage(out, endpoint),
      explain: explainer.explain,
      readPhoto: (photo) => readPhoto(photo, endpoint),
      lease,
      concurrency: AT_ONCE,
      untilEmpty: values['until-empty'],
      signal: interruption.signal,
    });
    console.log(`${done} photos`);
  } finally {
    await explainer.close();
  }
}

await run('worker', main);
