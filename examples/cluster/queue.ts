/** The queue of photos: BullMQ on Redis. */
import { createHash } from 'node:crypto';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { InputError } from '../shared/run.js';

/** One photo, and how it is explained. */
export interface PhotoJob {
  /** A path, an http(s) URL, or s3://bucket/key. */
  readonly photo: string;
  /** The flags of examples/batch that results depend on. */
  readonly flags: readonly string[];
}

/** What a photo came to: the name that its result has in the storage. */
export interface PhotoResult {
  readonly result: string;
}

export type PhotoQueue = Queue<PhotoJob, PhotoResult>;

/** In Redis, beside what else is there. */
export const QUEUE = 'photos';

/** How often a photo may take its worker with it before it counts as failed. */
export const DEADLY = 3;

/** Connects to Redis, and again whenever that comes back. */
export function connect(url: string): Redis {
  if (!/^rediss?:\/\/./.test(url))
    throw new InputError(`--queue must be redis://HOST:PORT or rediss://..., got '${url}'`);
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(100 * times, 2000),
  });
  let isTold = false;
  redis.on('error', (error: Error) => {
    if (!isTold) console.error(`queue: ${error.message || String(error)}; trying again`);
    isTold = true;
  });
  redis.on('ready', () => {
    isTold = false;
  });
  return redis;
}

export function openQueue(redis: Redis): PhotoQueue {
  return new Queue<PhotoJob, PhotoResult>(QUEUE, { connection: redis });
}

/** Does something with the queue, and leaves it. */
export async function withQueue<T>(
  url: string,
  work: (queue: PhotoQueue) => Promise<T>,
): Promise<T> {
  const redis = connect(url);
  const queue = openQueue(redis);
  try {
    return await work(queue);
  } finally {
    await queue.close();
    redis.disconnect();
  }
}

/** The same photo with the same flags is one job, however often it is enqueued. */
export function idOf({ photo, flags }: PhotoJob): string {
  return createHash('sha256')
    .update(JSON.stringify([photo, flags]))
    .digest('hex')
    .slice(0, 32);
}
