/** What must stay flat, counted between runs. */
import { memory } from '@tensorflow/tfjs-core';
import { getEventListeners } from 'node:events';
import type { Worker } from 'node:worker_threads';

export interface Sample {
  readonly runs: number;
  readonly tensors: number;
  /** Of the signal that all runs share, and of the workers. */
  readonly listeners: number;
  /** What keeps the process alive: ports, workers, timers. */
  readonly handles: number;
  /** Bytes, after a collection of garbage. */
  readonly resident: number;
}

export function takeSample(runs: number, signal: AbortSignal, alive: Iterable<Worker>): Sample {
  (globalThis as { gc?: () => void }).gc?.();
  const ofWorkers = [...alive].flatMap((worker) =>
    worker.eventNames().map((name) => worker.listenerCount(name)),
  );
  return {
    runs,
    tensors: memory().numTensors,
    listeners:
      getEventListeners(signal, 'abort').length + ofWorkers.reduce((sum, each) => sum + each, 0),
    handles: process.getActiveResourcesInfo().length,
    resident: process.memoryUsage.rss(),
  };
}
