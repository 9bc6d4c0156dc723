/** What must stay flat, counted between runs. */
import { memory } from '@tensorflow/tfjs-core';
import { getEventListeners } from 'node:events';
import type { Worker } from 'node:worker_threads';

export interface Sample {
  readonly runs: number;
  /** Here and in the workers. */
  readonly tensors: number;
  /** Of the signal that all runs share, and of the workers. */
  readonly listeners: number;
  /** What keeps the process alive: ports, workers, timers. */
  readonly handles: number;
  /** Bytes, after a collection of garbage. */
  readonly resident: number;
}

/** Collects all garbage, here and in the workers, and counts. */
export async function takeSample(
  runs: number,
  signal: AbortSignal,
  alive: ReadonlySet<Worker>,
): Promise<Sample> {
  // Buffers are freed after the collection that found them unused.
  for (let i = 0; i < 2; i++) {
    (globalThis as { gc?: () => void }).gc?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const inWorkers = await Promise.all([...alive].map(collectIn));
  const ofWorkers = [...alive].flatMap((worker) =>
    worker.eventNames().map((name) => worker.listenerCount(name)),
  );
  return {
    runs,
    tensors: sum([memory().numTensors, ...inWorkers]),
    listeners: sum([getEventListeners(signal, 'abort').length, ...ofWorkers]),
    handles: process.getActiveResourcesInfo().length,
    resident: process.memoryUsage.rss(),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

/** Collects a worker's garbage, and resolves to the number of its tensors. */
function collectIn(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    // It also keeps the process alive: without a call, the library lets that end.
    const timer = setTimeout(() => reject(new Error('a worker does not answer')), 10_000);
    const listen = (message: { collected?: number } | null): void => {
      if (message?.collected === undefined) return;
      clearTimeout(timer);
      worker.off('message', listen);
      resolve(message.collected);
    };
    worker.on('message', listen);
    worker.postMessage('collect');
  });
}
