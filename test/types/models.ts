/**
 * Checked by `npm run types` and never run: the models of tfjs are models here, although src
 * imports neither package, and what is none is refused by the compiler.
 */
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import type { LayersModel, Sequential } from '@tensorflow/tfjs-layers';
import type { ClassIndex, Model, SmoothGradOptions } from 'tfjs-saliency';
import {
  aggregateChannels,
  integratedGradients,
  smooth,
  smoothGrad,
  smoothGradAsync,
  smoothGradSteps,
  vanillaGradient,
  vgg16,
} from 'tfjs-saliency';

export function models(
  layers: LayersModel,
  sequential: Sequential,
  graph: GraphModel,
  classifier: { predict(x: Tensor): Tensor },
  softmax: (x: Tensor) => Tensor2D,
  twoOutputs: (x: Tensor) => { boxes: Tensor; classes: Tensor },
  listOfOutputs: (x: Tensor) => Tensor[],
): Model[] {
  return [layers, sequential, graph, classifier, softmax, twoOutputs, listOfOutputs];
}

export function calls(
  model: LayersModel | GraphModel,
  image: Tensor3D,
  batch: Tensor4D,
  canvas: HTMLCanvasElement,
): Tensor[] {
  return [
    vanillaGradient(model, image, 281),
    vanillaGradient(model, batch, [281, 285]),
    vanillaGradient(model, batch, [[281, 285]]),
    vanillaGradient(model, image, { for: 281, against: 285 }),
    vanillaGradient(model, canvas, 'argmax', {
      preprocess: vgg16,
      score: 'output',
      output: 'prob',
    }),
    vanillaGradient(model, image, 0, { score: (outputs, classes) => scoreOf(outputs, classes) }),
    smoothGrad(model, image, 'argmax', {
      noise: (shape, sample) => noiseOf(shape, sample),
      aggregate: 'maxAbs',
    }),
    // An option that may be undefined, as applications pass theirs on.
    smoothGrad(model, image, 'argmax', {
      samples: undefined,
      stdDev: undefined,
      preprocess: undefined,
      seed: undefined,
    }),
    smoothGrad(model, image, 'argmax', {
      score: undefined,
      noise: undefined,
      statistic: undefined,
      clip: undefined,
    }),
    smoothGrad(model, image, 'argmax', {
      antithetic: undefined,
      perSampleArgmax: undefined,
      aggregate: undefined,
    }),
    integratedGradients(model, image, 0, {
      baseline: undefined,
      steps: undefined,
      rule: undefined,
      seed: undefined,
    }),
    smooth(mine)(model, image, 'argmax', { samples: 20, alpha: 2, preprocess: vgg16 }),
    integratedGradients(model, image, 0, { baseline: 'blur', steps: 20 }),
    smooth(integratedGradients)(model, image, 0, { baseline: image, samples: 20 }),
    aggregateChannels(image, 'l2'),
  ];
}

export async function longRuns(
  model: LayersModel | GraphModel,
  image: Tensor3D,
): Promise<Tensor[]> {
  const maps = [
    await smoothGradAsync(model, image, 281, {
      until: 0.9,
      onProgress: ({ done, total }) => done / total,
    }),
  ];
  for await (const { map, done } of smoothGradSteps(model, image, 281, { at: [1, 10, 100] }))
    if (done > 1) maps.push(map);
  for await (const { map } of smoothGradSteps(model, image, 281, {
    at: undefined,
    standardError: undefined,
  }))
    maps.push(map);
  return maps;
}

declare function mine(
  model: Model,
  input: Tensor,
  classIndex: ClassIndex,
  options?: { alpha?: number },
): Tensor;
declare function scoreOf(outputs: Tensor, classes: Tensor): Tensor1D;
declare function noiseOf(shape: number[], sample: number): Tensor;

export function refused(model: LayersModel, image: Tensor3D): void {
  // @ts-expect-error: an object without predict is no model
  vanillaGradient({ classify: () => image }, image, 0);
  // @ts-expect-error: a model has to answer synchronously
  vanillaGradient(async (x: Tensor) => Promise.resolve(x), image, 0);
  // @ts-expect-error: a class by name
  vanillaGradient(model, image, 'cat');
  // @ts-expect-error: a score that does not exist
  vanillaGradient(model, image, 0, { score: 'logits' });
  // @ts-expect-error: an option of smoothGrad
  vanillaGradient(model, image, 0, { samples: 3 });
  // @ts-expect-error: a misspelt option
  smoothGrad(model, image, 0, { noiselevel: 0.1 });
  // @ts-expect-error: an option of the asynchronous functions
  smoothGrad(model, image, 0, { until: 0.9 });
  // @ts-expect-error: a channel method that does not exist
  aggregateChannels(image, 'min');
  const options: SmoothGradOptions = { statistic: 'mean' };
  // @ts-expect-error: a statistic that does not exist
  options.statistic = 'median';
}
