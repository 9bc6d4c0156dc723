/** The counts of dispatches in a browser. */
import { env } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import { countDispatches } from './dispatches.js';
import type { DispatchResult } from './dispatches.js';
import type { Backend } from './job.js';

declare global {
  interface Window {
    countDispatches: (name: string, backend: Backend) => Promise<DispatchResult>;
  }
}

// The GPU backends otherwise compute with small tensors on the CPU.
env().set('WEBGL_CPU_FORWARD', false);
env().set('WEBGPU_CPU_FORWARD', false);

window.countDispatches = countDispatches;
