/** The table of a queue's results, as that of examples/batch. */
import { writeFiles } from '../shared/files.js';
import path from 'node:path';
import { COLUMNS, toLine } from '../batch/table.js';
import type { Row } from '../batch/table.js';
import { DEADLY } from './queue.js';
import type { PhotoQueue } from './queue.js';
import type { Storage } from './storage.js';

/** Jobs read at once. */
const PAGE = 1000;

/** Writes a row per photo that is done or has failed, by the photos' names. */
export async function writeTable(queue: PhotoQueue, storage: Storage, file: string): Promise<void> {
  const rows: Row[] = [];
  for (const state of ['completed', 'failed'] as const) {
    for (let first = 0; ; first += PAGE) {
      const jobs = await queue.getJobs(state, first, first + PAGE - 1);
      for (const { data, returnvalue, failedReason } of jobs) {
        const { photo } = data;
        if (state === 'failed') rows.push({ photo, error: reasonOf(failedReason) });
        else rows.push({ photo, ...(await rowOf(storage, returnvalue.result)) });
      }
      if (jobs.length < PAGE) break;
    }
  }
  rows.sort((a, b) => (a.photo < b.photo ? -1 : 1));
  const lines = rows.map((row) => toLine(COLUMNS.map((column) => row[column] ?? '')));
  const text = [toLine(COLUMNS), ...lines].join('');
  await writeFiles(path.dirname(path.resolve(file)), { [path.basename(file)]: text });
}

async function rowOf(storage: Storage, result: string): Promise<Omit<Row, 'photo'>> {
  const bytes = await storage.read(`${result}.json`);
  return JSON.parse(Buffer.from(bytes).toString('utf8')) as Omit<Row, 'photo'>;
}

/** In BullMQ's words a worker that dies stalls its job. */
export function reasonOf(reason: string): string {
  return reason.includes('stalled') ? `its worker died ${DEADLY} times (${reason})` : reason;
}
