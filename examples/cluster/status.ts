/** How far a queue is, over all machines: `npx tsx examples/cluster/status.ts --help`. */
import { run } from '../shared/run.js';
import { tellStatus } from './tellStatus.js';

await run('status', () => tellStatus(process.argv.slice(2)));
