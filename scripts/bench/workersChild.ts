/** One child process with workers: a job in, a result out. */
import { Worker } from 'node:worker_threads';
import { connectSaliency } from 'tfjs-saliency/worker';
import { CLASS } from './job.js';
import type { WorkersJob, WorkersResult } from './job.js';

const { model, size, workers, samples, runs } = JSON.parse(process.argv[2]!) as WorkersJob;
const saliency = connectSaliency(() => new Worker(new URL('./servedModel.mjs', import.meta.url)), {
  workers,
});
const data = Float32Array.from({ length: size * size * 3 }, (_, i) => Math.sin(i));
const smooth = (count: number): Promise<unknown> =>
  saliency.smoothGrad({ model, size }, { data, shape: [1, size, size, 3] }, CLASS, {
    samples: count,
    seed: 1,
  });

await smooth(2 * workers); // loads the model everywhere
let fastest = Infinity;
for (let run = 0; run < runs; run++) {
  const start = performance.now();
  await smooth(samples);
  fastest = Math.min(fastest, performance.now() - start);
}
globalThis.gc!();
const result: WorkersResult = {
  samplesPerSecond: (1000 * samples) / fastest,
  resident: process.memoryUsage().rss,
};
process.send!(result);
await saliency.close();
process.disconnect();
