/** Puts photos into the queue: `npx tsx examples/cluster/enqueue.ts --help`. */
import { run } from '../shared/run.js';
import { enqueuePhotos } from './enqueuePhotos.js';

await run('enqueue', () => enqueuePhotos(process.argv.slice(2)));
