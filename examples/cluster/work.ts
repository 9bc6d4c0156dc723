/** A worker: takes photos from the queue, until it is empty or it is told to stop. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DelayedError, UnrecoverableError, Worker } from 'bullmq';
import type { Job } from 'bullmq';
import type { Row } from '../batch/table.js';
import { InputError } from '../shared/run.js';
import { connect, DEADLY, openQueue, QUEUE } from './queue.js';
import type { PhotoJob, PhotoResult } from './queue.js';
import type { Storage } from './storage.js';

/** What explains a photo; what it throws as PhotoError is the photo's fault. */
export type Explain = (
  flags: readonly string[],
  photo: string,
  bytes: Uint8Array,
  signal: AbortSignal,
) => Promise<{ readonly row: Omit<Row, 'photo'>; readonly picture: Uint8Array }>;

/** A photo that no other worker can explain either. */
export class PhotoError extends Error {
  override name = 'PhotoError';
}

export interface WorkOptions {
  readonly queue: string;
  readonly storage: Storage;
  readonly explain: Explain;
  readonly readPhoto: (photo: string) => Promise<Uint8Array>;
  /** How long a photo belongs to a worker that gives no sign of life, in seconds. */
  readonly lease: number;
  /** How many photos are under way at once. */
  readonly concurrency: number;
  /** Whether to stop when there is nothing left to do. */
  readonly untilEmpty: boolean;
  readonly signal: AbortSignal;
}

/** How soon another worker takes a photo that this one could not, in milliseconds. */
const GIVEN_BACK = 1000;

/** @throws InputError for what hits every photo: a full disk, a model that cannot be loaded */
export async function work(options: WorkOptions): Promise<{ done: number }> {
  const { lease, concurrency, untilEmpty, signal } = options;
  const redis = connect(options.queue);
  const queue = openQueue(redis);
  const stop = new AbortController();
  let fatal: Error | undefined;
  let done = 0;

  const process = async (job: Job<PhotoJob, PhotoResult>, token?: string): Promise<PhotoResult> => {
    try {
      const result = await resultOf(job.data, options, stop.signal);
      done++;
      return result;
    } catch (error) {
      if (error instanceof PhotoError) throw new UnrecoverableError(error.message);
      if (!isFatal(error) && !stop.signal.aborted) throw error;
      if (!stop.signal.aborted) fatal = error as Error;
      stop.abort();
      await job.moveToDelayed(Date.now() + GIVEN_BACK, token);
      throw new DelayedError();
    }
  };
  const worker = new Worker<PhotoJob, PhotoResult>(QUEUE, process, {
    connection: redis,
    concurrency,
    lockDuration: 1000 * lease,
    stalledInterval: 500 * lease,
    maxStalledCount: DEADLY - 1,
  });
  worker.on('error', () => undefined); // the connection tells its own

  try {
    await ended(untilEmpty ? () => isEmpty(queue) : () => Promise.resolve(false), stop, signal);
  } finally {
    stop.abort();
    await worker.close();
    await queue.close();
    redis.disconnect();
  }
  if (fatal !== undefined) throw new InputError(`stopped: ${fatal.message}`);
  return { done };
}

/** Explains a photo, unless its result is there: then whoever began it has ended it. */
async function resultOf(
  { photo, flags }: PhotoJob,
  { storage, explain, readPhoto }: WorkOptions,
  signal: AbortSignal,
): Promise<PhotoResult> {
  const bytes = await readPhoto(photo);
  const result = nameOf(bytes, flags);
  if (await storage.has(`${result}.json`)) return { result };
  const { row, picture } = await explain(flags, photo, bytes, signal);
  await storage.write(`${result}.png`, picture);
  // Last: what has a row has its picture.
  await storage.write(
    `${result}.json`,
    `${JSON.stringify({ ...row, picture: `${result}.png` })}\n`,
  );
  return { result };
}

/** The name that content and options decide: of a job that ran twice there is one result. */
function nameOf(bytes: Uint8Array, flags: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify(flags))
    .update(bytes)
    .digest('hex')
    .slice(0, 32);
}

/** Tells what would befall every photo: of the storage, or of the flags that all share. */
function isFatal(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return (
    error instanceof InputError || ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES'].includes(code ?? '')
  );
}

async function isEmpty(queue: ReturnType<typeof openQueue>): Promise<boolean> {
  const { waiting, active, delayed, prioritized } = await queue.getJobCounts();
  return waiting! + active! + delayed! + (prioritized ?? 0) === 0;
}

/** Waits for whatever ends the work. */
async function ended(
  isDone: () => Promise<boolean>,
  stop: AbortController,
  signal: AbortSignal,
): Promise<void> {
  const whole = AbortSignal.any([stop.signal, signal]);
  while (!whole.aborted && !(await isDone()))
    await sleep(500, undefined, { signal: whole }).catch(() => undefined);
}
