/** Connections to workers of their own, ended after the tests of the file. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { connectSaliency } from 'tfjs-saliency/worker';
import type { Saliency } from 'tfjs-saliency/worker';
import { startWorker } from '../../examples/shared/startWorker.js';
import type { TestSpec, Told, WorkerData } from './models.js';

export const start = (data: WorkerData = {}): Worker =>
  startWorker(pathToFileURL(path.join(__dirname, 'served.ts')), data);

export interface Connected {
  readonly saliency: Saliency<TestSpec>;
  /** The workers that were started so far. */
  readonly started: Worker[];
}

const open: Connected[] = [];

/**
 * @param data of the workers, in the order in which they are started; the last one's is that of all
 * that follow
 */
export function connect(workers: number, ...data: WorkerData[]): Connected {
  const started: Worker[] = [];
  const saliency = connectSaliency<TestSpec>(
    () => {
      const worker = start(data[Math.min(started.length, data.length - 1)]);
      started.push(worker);
      return worker;
    },
    { workers },
  );
  open.push({ saliency, started });
  return open.at(-1)!;
}

afterAll(() => Promise.all(open.map(({ saliency }) => saliency.close())));

/** What a worker has done; asked last, because a worker answers in turn. */
export function tell(worker: Worker): Promise<Told> {
  return new Promise((resolve) => {
    const listen = (message: unknown): void => {
      if (typeof message !== 'object' || message === null || !('tensors' in message)) return;
      worker.off('message', listen);
      resolve(message as Told);
    };
    worker.on('message', listen);
    worker.postMessage('tell');
  });
}
