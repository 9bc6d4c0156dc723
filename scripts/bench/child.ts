/** One child process: a job in, a result out. */
import { randomNormal, setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import type { Job } from './job.js';
import { measureLibrary } from './library.js';
import { measureMethods } from './methods.js';
import { benchModel, buildBenchModel } from './models.js';
import { measurePlain } from './plainGrad.js';

const job = JSON.parse(process.argv[2]!) as Job;
// The weights are made on cpu and move to wasm when they are used: made there, the heap would have
// held them twice.
await setBackend('cpu');
const model = buildBenchModel(benchModel(job.model), job.size);
if (!(await setBackend(job.backend))) throw new Error(`this machine has no ${job.backend} backend`);
const x = randomNormal([1, job.size, job.size, 3], 0, 1, 'float32', 1);
const withMemory = job.residentAfter.length > 0;
process.send!(
  await (job.way === 'library'
    ? measureLibrary(model, x, job)
    : job.way === 'methods'
      ? measureMethods(model, x, job.runs)
      : measurePlain(model, x, job, withMemory)),
);
process.disconnect();
