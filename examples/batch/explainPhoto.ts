import { dispose } from '@tensorflow/tfjs-core';
import { aggregateChannels, colorize, encodePNG, normalize } from 'tfjs-saliency';
import type { PlainMap, PreprocessingPreset } from 'tfjs-saliency';
import { readImage } from 'tfjs-saliency/node';
import type { RgbPixels } from 'tfjs-saliency/node';
import type { ArrayTensor, Saliency } from 'tfjs-saliency/worker';
import { findClass, ranking } from '../demo/classes.js';
import { seenSize } from '../demo/figures.js';
import { mapOnPhoto } from '../shared/look.js';
import { titleOf } from '../shared/methods.js';
import { captioned, photoPicture } from '../shared/tiles.js';
import type { Flags } from './flags.js';
import type { Row } from './table.js';
import type { ModelSpec } from './classifier.js';

export interface Batch {
  readonly saliency: Saliency<ModelSpec>;
  readonly flags: Flags;
  readonly preprocess: PreprocessingPreset;
  /** One per class, if they are known. */
  readonly labels: readonly string[] | undefined;
}

export interface ExplainedPhoto {
  readonly row: Omit<Row, 'photo'>;
  /** A PNG file. */
  readonly picture: Uint8Array;
}

interface Explained {
  readonly map: ArrayTensor;
  readonly samples: string;
  readonly reliability: string;
}

/** @throws FileError for a photo that cannot be read, and what the library throws. */
export async function explainPhoto(
  batch: Batch,
  file: string,
  signal: AbortSignal,
): Promise<ExplainedPhoto> {
  const { saliency, flags, labels } = batch;
  const photo = await readImage(file);
  const { data: scores } = await saliency.predict(flags.spec, photo, {
    ...outputOf(flags),
    signal,
  });
  const classIndex = findClass(flags.class, scores, labels);
  const { map, samples, reliability } = await explain(batch, photo, classIndex, signal);
  const nameOf = (index: number): string => labels?.[index] ?? '';
  const described = (index: number): string => `${index} ${nameOf(index)}`.trim();
  const label = nameOf(classIndex) === '' ? `class ${classIndex}` : nameOf(classIndex);
  const caption = `${label}, ${scores[classIndex]!.toPrecision(2)}: ${titleOf(flags.method)}`;
  return {
    row: {
      class: String(classIndex),
      label: nameOf(classIndex),
      score: scores[classIndex]!.toPrecision(6),
      samples,
      reliability,
      top: ranking(scores)
        .slice(0, 5)
        .map((index) => `${described(index)}: ${scores[index]!.toPrecision(4)}`)
        .join('; '),
    },
    picture: await draw(batch, photo, aggregateChannels(map), caption),
  };
}

/** Of SmoothGrad the one step after all samples. */
async function explain(
  { saliency, flags }: Batch,
  photo: RgbPixels,
  classIndex: number,
  signal: AbortSignal,
): Promise<Explained> {
  const { spec, method, methodOptions, samples, noise, seed } = flags;
  const options = { ...outputOf(flags), signal };
  if (method !== 'smoothGrad') {
    const map = await saliency[method](spec, photo, classIndex, { ...options, ...methodOptions });
    return { map, samples: '', reliability: '' };
  }
  const smoothing = { samples, noiseLevel: noise, seed, at: [samples] };
  const steps = saliency.smoothGradSteps(spec, photo, classIndex, { ...options, ...smoothing });
  for await (const { map, done, reliability } of steps)
    return { map, samples: String(done), reliability: reliability.toFixed(4) };
  throw new Error('a run without a step');
}

export function outputOf({ spec: { output } }: Flags): { output?: string } {
  return output === undefined ? {} : { output };
}

/** At the size of the photo, or of what the model sees of it. */
async function draw(
  { flags, preprocess: { options } }: Batch,
  photo: RgbPixels,
  map: PlainMap,
  caption: string,
): Promise<Uint8Array> {
  const size = seenSize(photo, options);
  const view = await photoPicture(photo, size, options.crop);
  const plain = { data: await view.data(), shape: view.shape };
  const drawn =
    flags.picture === 'map' ? colorize(normalize(map)) : mapOnPhoto(plain, map, flags.look);
  const picture = await captioned(drawn, size, caption);
  const file = await encodePNG(picture);
  dispose([view, picture]);
  return file;
}
