/**
 * `npm run bench -- --exactness`: how far maps with the library's own wasm kernels are from those
 * with tfjs's, on trained models and a photo; and, for comparison, how far an input that differs by
 * one unit in the last place takes tfjs's.
 */
import { add, mul, sign } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { smoothGrad, vanillaGradient } from 'tfjs-saliency';
import { useWasm } from '../../examples/shared/backend.js';
import { correlation } from '../statistics.js';
import { SAMPLES } from './exactnessTable.js';
import type { ExactnessRow } from './exactnessTable.js';
import { presetOf, readPhoto, TRAINED } from './trained.js';

export async function measureExactness(name: string): Promise<ExactnessRow> {
  await useWasm();
  const { size, load } = TRAINED[name]!;
  const model = await load();
  const x = presetOf(name).preprocess(await readPhoto());
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
