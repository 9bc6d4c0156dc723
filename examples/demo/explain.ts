import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { aggregateChannels, smoothGradSteps, vanillaGradient } from 'tfjs-saliency';
import type { RgbPixels } from 'tfjs-saliency/node';
import { articleSteps } from '../shared/articleSteps.js';
import { plainMethod } from '../shared/methods.js';
import type { MethodName, MethodOptions } from '../shared/methods.js';
import type { Classifier } from './classifier.js';

export interface ExplainOptions {
  method: MethodName;
  /** Options of the method itself. */
  methodOptions: MethodOptions;
  samples: number;
  noise: number;
  antithetic: boolean;
  seed: number;
  /** Called after each sample of SmoothGrad. */
  onSample: (done: number, reliability: number) => void;
  /** Ends SmoothGrad after the sample it is at; the maps are then those so far. */
  signal: AbortSignal;
}

/** Maps of shape [h, w], the caller's to dispose. */
export interface Explanation {
  /** Without noise. */
  gradient: Tensor;
  /** The method's; of SmoothGrad the last of `steps`. */
  map: Tensor;
  /** SmoothGrad after so many samples; nothing for other methods. */
  steps: { samples: number; map: Tensor }[];
  /** The predicted correlation of SmoothGrad's map with a fully converged one. */
  reliability: number;
  millisecondsPerGradient: number;
}

/**
 * Explains the score of a class: its gradient, and the map of a method, SmoothGrad's as it
 * converges. A map is the greatest magnitude over each pixel's channels.
 */
export async function explain(
  { model, preprocess, output }: Classifier,
  photo: RgbPixels,
  classIndex: number,
  { method, methodOptions, samples, noise, antithetic, seed, onSample, signal }: ExplainOptions,
): Promise<Explanation> {
  const maps: Tensor[] = [];
  const keepMap = (gradient: Tensor): Tensor => {
    const map = aggregateChannels(gradient);
    gradient.dispose();
    maps.push(map);
    return map;
  };
  const options = { preprocess, ...(output !== undefined && { output }) };
  try {
    const gradient = keepMap(vanillaGradient(model, photo, classIndex, options));
    const steps: Explanation['steps'] = [];
    let reliability = 0;
    const start = performance.now();
    if (method !== 'smoothGrad') {
      const map = keepMap(
        await plainMethod(method).async(model, photo, classIndex, {
          ...options,
          ...methodOptions,
        }),
      );
      return { gradient, map, steps, reliability, millisecondsPerGradient: 0 };
    }
    const shown = articleSteps(samples);
    // A step after every sample, so that an interruption loses none.
    const at = Array.from({ length: samples }, (_, i) => i + 1);
    const running = smoothGradSteps(model, photo, classIndex, {
      ...options,
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
    const { samples: done, map } = steps.at(-1)!;
    const millisecondsPerGradient = (performance.now() - start) / done;
    return { gradient, map, steps, reliability, millisecondsPerGradient };
  } catch (error) {
    dispose(maps);
    throw error;
  }
}
