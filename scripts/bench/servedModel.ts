/** A worker of the benchmark: its models by name and size. */
import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { serveSaliency } from 'tfjs-saliency/worker';
import { benchModel, buildBenchModel } from './models.js';
import type { WorkersJob } from './job.js';

serveSaliency({
  async load({ model: name, size }: Pick<WorkersJob, 'model' | 'size'>) {
    // As in the other benchmarks, so that the wasm heap does not hold the weights twice.
    await setBackend('cpu');
    const model = buildBenchModel(benchModel(name), size);
    if (!(await setBackend('wasm'))) throw new Error('this machine has no wasm backend');
    return model;
  },
});
