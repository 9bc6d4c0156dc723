import { Worker } from 'node:worker_threads';

/**
 * Starts a TypeScript module as a worker thread, from programs that tsx runs: Node gives its
 * loaders to no workers. Of a JavaScript module, `new Worker(url)` does it.
 */
export function startWorker(url: URL, workerData?: unknown): Worker {
  const program = `import('tsx/esm/api').then((tsx) => (tsx.register(), import(${JSON.stringify(url.href)})))`;
  return new Worker(program, { eval: true, workerData });
}
