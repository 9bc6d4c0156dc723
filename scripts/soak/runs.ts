/** What is run again and again: here and in workers, ended early at random. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { gradCam, rise, smoothGradAsync } from 'tfjs-saliency';
import type { Saliency } from 'tfjs-saliency/worker';
import type { Worker } from 'node:worker_threads';
import { asLayersModel, images } from '../../test/contract/classifier.js';
import type { Draw } from '../fuzz/random.js';

const wait = (milliseconds: number) => new Promise((end) => setTimeout(end, milliseconds));

type Run = (signal: AbortSignal) => Promise<Tensor>;

export interface Soaked {
  readonly saliency: Saliency<'layers'>;
  /** The workers that live now. */
  readonly alive: Set<Worker>;
}

/** The kinds of runs by name. */
export function runsOf({ saliency, alive }: Soaked, draw: Draw): Readonly<Record<string, Run>> {
  const { model } = asLayersModel();
  const x = images(1);
  const smoothing = () => ({ samples: 12, seed: draw.integer(1e6), batchSize: 2 });
  return {
    smoothGrad: (signal) => smoothGradAsync(model, x, 'argmax', { ...smoothing(), signal }),
    gradCam: (signal) => gradCam.async(model, x, 'argmax', { signal }),
    rise: (signal) => rise.async(model, x, 'argmax', { samples: 24, seed: 1, signal }),
    'smoothGrad in workers': (signal) =>
      saliency.smoothGrad('layers', x, 'argmax', { ...smoothing(), signal }),
    'rise in workers': (signal) =>
      saliency.rise('layers', x, 'argmax', { samples: 24, seed: 1, signal }),
    'a worker dies': async (signal) => {
      const [worker] = alive;
      const running = saliency.smoothGrad('layers', x, 'argmax', { ...smoothing(), signal });
      const death = wait(draw.integer(20)).then(() => worker?.terminate());
      return running.finally(() => death);
    },
    'memory pressure': (signal) => {
      const ballast = Array.from({ length: 20 }, () => new Float32Array(1e6).fill(1));
      return gradCam
        .async(model, x, 1, { signal })
        .finally(() => ballast.forEach((each) => each.fill(0)));
    },
  };
}
