import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { aggregateChannels, GradientError, smoothGradSteps, vanillaGradient } from 'tfjs-saliency';
import { articleSteps } from '../shared/articleSteps.js';
import type { Photo } from '../shared/images.js';
import { InputError } from '../shared/run.js';
import type { Classifier } from './classifier.js';

export interface ExplainOptions {
  samples: number;
  noise: number;
  antithetic: boolean;
  seed: number;
  /** Called after each sample. */
  onSample: (done: number, reliability: number) => void;
  /** Ends the run after the sample it is at; the maps are then those so far. */
  signal: AbortSignal;
}

/** Maps of shape [h, w], the caller's to dispose. */
export interface Explanation {
  /** Without noise. */
  gradient: Tensor;
  /** SmoothGrad after so many samples; the last is that of all there were. */
  steps: { samples: number; map: Tensor }[];
  /** The predicted correlation of the last map with a fully converged one. */
  reliability: number;
  millisecondsPerGradient: number;
}

/**
 * The gradient of a class's score by a photo, and SmoothGrad as it converges: the greatest
 * magnitude over each pixel's channels.
 *
 * @throws InputError if the model cannot be differentiated.
 */
export async function explain(
  { name, model, preprocess }: Classifier,
  photo: Photo,
  classIndex: number,
  { samples, noise, antithetic, seed, onSample, signal }: ExplainOptions,
): Promise<Explanation> {
  const maps: Tensor[] = [];
  const keepMap = (gradient: Tensor): Tensor => {
    const map = aggregateChannels(gradient);
    gradient.dispose();
    maps.push(map);
    return map;
  };
  try {
    const gradient = keepMap(vanillaGradient(model, photo, classIndex, { preprocess }));
    const shown = articleSteps(samples);
    const steps: Explanation['steps'] = [];
    let reliability = 0;
    const start = performance.now();
    // A step after every sample, so that an interruption loses none.
    const at = Array.from({ length: samples }, (_, i) => i + 1);
    const running = smoothGradSteps(model, photo, classIndex, {
      preprocess,
      samples,
      noiseLevel: noise,
      antithetic,
      seed,
      at,
    });
    for await (const step of running) {
      const before = steps.at(-1);
      if (before !== undefined && !shown.includes(before.samples)) steps.pop()!.map.dispose();
      steps.push({ samples: step.done, map: keepMap(step.map) });
      reliability = step.reliability;
      onSample(step.done, reliability);
      if (signal.aborted) break;
    }
    const millisecondsPerGradient = (performance.now() - start) / steps.at(-1)!.samples;
    return { gradient, steps, reliability, millisecondsPerGradient };
  } catch (error) {
    dispose(maps);
    throw error instanceof GradientError ? new InputError(`${name}: ${error.message}`) : error;
  }
}
