import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { aggregateChannels, smoothGradSteps, vanillaGradient, vgg16 } from 'tfjs-saliency';
import type { ImageInput, Model, Preprocessing } from 'tfjs-saliency';
import { articleSteps } from '../shared/articleSteps.js';

export interface ExperimentOptions {
  samples?: number;
  /**
   * Standard deviation of the noise, as a fraction of the 0..255 of the image's values: 0.2 is 51.
   */
  noiseLevel?: number;
  seed?: number;
  preprocess?: Preprocessing;
  onSample?: (done: number) => void;
}

/** Maps of shape [h, w], the caller's to dispose. */
export interface ExperimentMaps {
  /** Without noise. */
  gradient: Tensor;
  /** The running mean of SmoothGrad after so many samples; the last one is that of all. */
  steps: { samples: number; map: Tensor; reliability: number }[];
}

/**
 * The article's experiment. Noise is added to the preprocessed photo, one sample after the other;
 * each sample's loss is the softmax cross-entropy of the net's probabilities (so softmax twice)
 * with that sample's own most probable class as label; each gradient is reduced to its greatest
 * magnitude over the channels; the map is the mean of these.
 */
export async function runExperiment(
  model: Model,
  photo: ImageInput,
  {
    samples = 100,
    noiseLevel = 0.2,
    seed = 1,
    preprocess = vgg16,
    onSample,
  }: ExperimentOptions = {},
): Promise<ExperimentMaps> {
  const score = 'crossEntropy';
  const steps: ExperimentMaps['steps'] = [];
  let raw: Tensor | undefined;
  try {
    const running = smoothGradSteps(model, photo, 'argmax', {
      preprocess,
      score,
      samples,
      at: articleSteps(samples),
      noiseLevel,
      seed,
      perSampleArgmax: true,
      aggregate: 'maxAbs',
      batchSize: 1,
      onProgress: ({ done }) => onSample?.(done),
    });
    for await (const { map, done, reliability } of running)
      steps.push({ samples: done, map, reliability });
    raw = vanillaGradient(model, photo, 'argmax', { preprocess, score });
    return { gradient: aggregateChannels(raw, 'maxAbs'), steps };
  } catch (error) {
    dispose(steps.map(({ map }) => map));
    throw error;
  } finally {
    raw?.dispose();
  }
}
