/** The benchmark in a browser, on webgl and webgpu. */
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
// A bundler leaves the gradients out that only tf.grad needs.
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { measureGpu } from './gpu.js';
import type { PageBackend, GpuJob, GpuResult } from './job.js';

declare global {
  interface Window {
    measureOnGpu: (job: GpuJob & { backend: PageBackend }) => Promise<GpuResult>;
  }
}

window.measureOnGpu = (job) => measureGpu(job, job.backend);
