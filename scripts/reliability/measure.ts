/** The predicted correlation of what is shown with what will be shown, against the measured one. */
import { tensor, tidy } from '@tensorflow/tfjs-core';
import { smoothGradAsync } from 'tfjs-saliency';
import type {
  ImageInput,
  Model,
  PlainTensor,
  PreprocessingPreset,
  SmoothGradAsyncOptions,
} from 'tfjs-saliency';
import { Convergence } from '../../src/smoothing/convergence.js';
import { reliabilitiesOf } from '../../src/smoothing/predictedCorrelation.js';
import { shownReliabilities } from '../../src/smoothing/shownReliability.js';
import type { Halves } from '../../src/smoothing/shownReliability.js';
import { correlation } from '../statistics.js';
import { views } from './views.js';

export interface Found {
  readonly view: string;
  readonly samples: number;
  readonly predicted: number;
  readonly measured: number;
}

/** After which numbers of samples, and how many others make the converged map. */
const AT = [4, 16, 64];
const REFERENCE = 256;
const NOISE_LEVEL = 0.15;

/** Measures one model on one photo; the reference has other noise. */
export async function measure(
  model: Model,
  photo: ImageInput,
  preprocess: PreprocessingPreset,
): Promise<Found[]> {
  const run = { preprocess, noiseLevel: NOISE_LEVEL };
  const reference = await lastMap(model, photo, { ...run, samples: REFERENCE, seed: 1 });
  const found: Found[] = [];
  const convergence = new Convergence('mean', false, false);
  // Sample by sample, so that the halves are those of the library.
  for (let done = 1; done <= AT.at(-1)!; done++) {
    const one = await lastMap(model, photo, { ...run, samples: 1, seed: 1000 + done });
    tidy(() => {
      convergence.add(tensor(one.data, [1, ...one.shape]), [((done - 1) % 2) as 0 | 1]);
    });
    if (AT.includes(done)) found.push(...(await compare(convergence, one.shape, reference, done)));
  }
  convergence.dispose();
  return found;
}

async function lastMap(
  model: Model,
  photo: ImageInput,
  options: SmoothGradAsyncOptions,
): Promise<PlainTensor> {
  const map = await smoothGradAsync(model, photo, 'argmax', options);
  const numbers = { data: (await map.data<'float32'>()).slice(), shape: map.shape };
  map.dispose();
  return numbers;
}

/** Compares each view of the samples so far with that of the reference. */
async function compare(
  convergence: Convergence,
  shape: readonly number[],
  reference: PlainTensor,
  samples: number,
): Promise<Found[]> {
  const halves: Halves = { ...(await convergence.halfMaps()), shape, maps: 1 };
  const map = convergence.map();
  const soFar = { data: await map.data(), shape };
  map.dispose();
  const [even, odd] = halves.values;
  const found: Found[] = [];
  for (const [name, view] of Object.entries(views)) {
    const show = (data: Float32Array) =>
      Promise.resolve(Float64Array.from(view({ data, shape }).data));
    const [predicted] =
      name === 'the map itself'
        ? reliabilitiesOf(even, odd, 1)
        : await shownReliabilities(halves, show);
    const measured = correlation(
      Float32Array.from(view(soFar).data),
      Float32Array.from(view(reference).data),
    );
    found.push({ view: name, samples, predicted: predicted!, measured });
  }
  return found;
}
