/** The benchmark on a GPU, in a page and in Node: the library beside plain tf.grad. */
import { randomNormal, setBackend } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { smoothGrad, vanillaGradient } from 'tfjs-saliency';
import { measureGradCam } from './gradCam.js';
import { CLASS } from './job.js';
import type { GpuJob, GpuResult, PageBackend } from './job.js';
import { median } from '../statistics.js';
import { count, finish, times } from './measure.js';
import { benchModel, buildBenchModel } from './models.js';
import { measurePlain } from './plainGrad.js';

/** @param gpu the name that tfjs has for the backend */
export async function measureGpu(
  { model: name, size, runs, samples }: GpuJob,
  gpu: PageBackend,
): Promise<GpuResult> {
  if (!(await setBackend(gpu))) throw new Error(`there is no ${gpu} here`);
  const model = buildBenchModel(benchModel(name), size);
  const x = randomNormal([1, size, size, 3], 0, 1, 'float32', 1);
  const forward = (): Tensor => model.predict(x) as Tensor;
  const gradient = (): Tensor => vanillaGradient(model, x, CLASS);
  const smooth = (total: number) => (): Tensor =>
    smoothGrad(model, x, CLASS, { samples: total, seed: 1, batchSize: 1 });
  const medianTime = async (run: () => Tensor): Promise<number> =>
    median(await times(() => finish(run()), runs));

  // Also compiles the shaders.
  const { flops: forwardFlops } = count(() => forward().dispose());
  const { flops: sampleFlops, peakTensors } = count(() => gradient().dispose());
  await finish(smooth(2)());
  const library = {
    forward: await medianTime(forward),
    gradient: await medianTime(gradient),
    gradCamPerForward: await measureGradCam(model, x, runs),
    // Without the first, which makes what the others share.
    sample: ((await medianTime(smooth(1 + samples))) - (await medianTime(smooth(1)))) / samples,
    ...{ forwardFlops, sampleFlops, peakTensors, resident: [] },
  };
  const plain = await measurePlain(model, x, { backend: gpu, runs }, false);
  model.dispose();
  x.dispose();
  return { library, plain };
}
