/**
 * `npm run bench -- --exactness`: how far maps with the library's own wasm kernels are from those
 * with tfjs's, on trained models and a photo; and, for comparison, how far an input that differs by
 * one unit in the last place takes tfjs's.
 */
import path from 'node:path';
import { add, mul, sign } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { createPreprocessing, smoothGrad, vanillaGradient } from 'tfjs-saliency';
import type { Model } from 'tfjs-saliency';
import { readImage } from 'tfjs-saliency/node';
import { foodPhoto, loadCenterNet } from '../../examples/demo/centernet.js';
import { loadNsfwjs } from '../../examples/demo/nsfwjs.js';
import { useWasm } from '../../examples/shared/backend.js';
import { humanModel, nsfwModel } from '../../test/model/trained.js';
import { correlation } from '../statistics.js';
import { SAMPLES } from './exactnessTable.js';
import type { ExactnessRow } from './exactnessTable.js';

interface Trained {
  readonly size: number;
  load(): Promise<Model>;
}

export const TRAINED: Readonly<Record<string, Trained>> = {
  'CenterNet, @vladmandic/human': { size: 512, load: async () => (await loadCenterNet()).model },
  'MobileNetV2, nsfwjs': { size: 224, load: () => nsfwModel(224) },
  'MobileNetV2 mid, nsfwjs': {
    size: 224,
    load: async () => (await loadNsfwjs('mobilenet_v2_mid')).model,
  },
  'InceptionV3, nsfwjs': { size: 299, load: async () => (await loadNsfwjs('inception_v3')).model },
  'antispoof, @vladmandic/human': {
    size: 128,
    load: () => Promise.resolve(humanModel('antispoof')),
  },
  'liveness, @vladmandic/human': {
    size: 32,
    load: () => Promise.resolve(humanModel('liveness')),
  },
};

export async function measureExactness(name: string): Promise<ExactnessRow> {
  await useWasm();
  const { size, load } = TRAINED[name]!;
  const model = await load();
  const scale = name.startsWith('CenterNet') ? 1 : 1 / 255;
  const preset = createPreprocessing({ name, inputSize: [size, size], scale });
  const x = preset.preprocess(await readImage(path.resolve(foodPhoto)));
  const numbers = (map: Tensor): Float32Array => {
    const data = map.dataSync<'float32'>();
    map.dispose();
    return data;
  };
  const classIndex = 0;
  const vanilla = (kernels: 'own' | 'tfjs', input = x): Float32Array =>
    numbers(vanillaGradient(model, input, classIndex, { kernels }));
  const smoothed = (kernels: 'own' | 'tfjs'): Float32Array =>
    numbers(smoothGrad(model, x, classIndex, { kernels, samples: SAMPLES, seed: 1 }));
  // Half an ulp or more, away from 0.
  const nudged: typeof x = add(x, mul(mul(x, sign(x)), 2 ** -23));
  return {
    model: name,
    size,
    smoothGrad: correlation(smoothed('own'), smoothed('tfjs')),
    vanilla: correlation(vanilla('own'), vanilla('tfjs')),
    ulp: correlation(vanilla('tfjs'), vanilla('tfjs', nudged)),
  };
}
