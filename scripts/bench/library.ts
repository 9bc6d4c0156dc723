/** The library's gradients of one model, and its forward pass in the same process. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { smoothGrad, vanillaGradient } from 'tfjs-saliency';
import { measureGradCam } from './gradCam.js';
import { CLASS } from './job.js';
import type { Job, LibraryResult } from './job.js';
import { median } from '../statistics.js';
import { count, finish, residentBytes, times } from './measure.js';

export async function measureLibrary(
  model: LayersModel,
  x: Tensor,
  job: Job,
): Promise<LibraryResult> {
  const predict = (batch: Tensor): Tensor => model.predict(batch) as Tensor;
  const gradient = (): Tensor => vanillaGradient(model, x, CLASS);
  const forward = (): Promise<void> => finish(predict(x));
  const { flops: forwardFlops } = count(() => predict(x).dispose());

  // Forward passes before and after, because a machine is not equally fast all the time.
  const before = await times(forward, job.runs);
  const { samples, resident } = await measureSamples(predict, x, job);
  const after = await times(forward, job.runs);

  const { flops: sampleFlops, peakTensors } = count(() => gradient().dispose());
  return {
    forward: median([...before, ...after]),
    forwardFlops,
    gradient: median(await times(() => finish(gradient()), job.runs)),
    gradCamPerForward: await measureGradCam(model, x, job.runs),
    sample: median(samples),
    sampleFlops,
    peakTensors,
    resident,
    config: model.toJSON(null, false),
  };
}

/** One run of SmoothGrad; its samples begin where it calls the model. */
async function measureSamples(
  predict: (batch: Tensor) => Tensor,
  x: Tensor,
  { samples, residentAfter }: Job,
) {
  const begins: number[] = [];
  const ends: number[] = [];
  const resident: { samples: number; bytes: number }[] = [];
  const watched = (batch: Tensor): Tensor => {
    ends.push(performance.now());
    if (residentAfter.includes(begins.length))
      resident.push({ samples: begins.length, bytes: residentBytes() });
    begins.push(performance.now());
    return predict(batch);
  };
  await finish(smoothGrad(watched, x, CLASS, { samples: samples + 1, seed: 1, batchSize: 1 }));
  // Without the first, which makes what the others share, and the last, which ends unseen.
  return { samples: begins.slice(1, -1).map((begin, i) => ends[i + 2]! - begin), resident };
}
