/** One child process that measures on WebGPU in Node: a job in, a result out. */
import '@tensorflow/tfjs-backend-cpu';
import { provideWebgpu } from '../../examples/shared/webgpu.js';
import { measureGpu } from './gpu.js';
import type { GpuJob } from './job.js';

await provideWebgpu();
process.send!(await measureGpu(JSON.parse(process.argv[2]!) as GpuJob, 'webgpu'));
process.disconnect();
