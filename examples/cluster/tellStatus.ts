/** Tells how far a queue is, over all machines. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { positiveNumber, required } from '../shared/flags.js';
import { withQueue } from './queue.js';
import type { PhotoQueue } from './queue.js';
import { openStorage } from './storage.js';
import { reasonOf, writeTable } from './table.js';

const usage = `Usage: npx tsx examples/cluster/status.ts --queue redis://HOST:PORT [options]

Says how many photos are done and how fast, over all machines, and what failed.

  --queue URL              Redis
  --seconds N              how long the speed is measured (5)
  --table FILE --out WHERE writes the table of all results (CSV), which are in that folder or s3://BUCKET/PREFIX
  --endpoint URL           of S3-compatible storage that is not Amazon's own
`;

/** Failures told one by one. */
const TOLD = 10;

export async function tellStatus(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      queue: { type: 'string' },
      seconds: { type: 'string', default: '5' },
      table: { type: 'string' },
      out: { type: 'string' },
      endpoint: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const url = required('queue', values.queue);
  await withQueue(url, async (queue) => {
    if (values.table !== undefined) {
      const storage = openStorage(required('out', values.out), values.endpoint);
      await writeTable(queue, storage, values.table);
      return;
    }
    for (const line of await linesOf(queue, positiveNumber('seconds', values.seconds)))
      console.log(line);
  });
}

async function linesOf(queue: PhotoQueue, seconds: number): Promise<string[]> {
  const before = await countsOf(queue);
  await sleep(1000 * seconds);
  const { done, failed, left, active } = await countsOf(queue);
  const perSecond = (done + failed - before.done - before.failed) / seconds;
  const time = perSecond > 0 ? `${durationOf(left / perSecond)} left` : 'no photo in that time';
  const failures = await queue.getJobs('failed', 0, TOLD - 1);
  return [
    `${done} done, ${failed} failed, ${left} left (${active} under way)`,
    left === 0 ? 'nothing left to do' : `${perSecond.toFixed(2)} photos a second, ${time}`,
    ...failures.map(({ data, failedReason }) => `  ${data.photo}: ${reasonOf(failedReason)}`),
  ];
}

async function countsOf(queue: PhotoQueue) {
  const { completed, failed, waiting, active, delayed } = await queue.getJobCounts();
  return {
    done: completed!,
    failed: failed!,
    left: waiting! + active! + delayed!,
    active: active!,
  };
}

/** 4000 as '1 h 7 min'. */
export function durationOf(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return `${Math.ceil(seconds)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
