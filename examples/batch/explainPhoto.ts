import { mean, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { colorize, encodePNG, normalize, overlay } from 'tfjs-saliency';
import type { ArrayTensor, Saliency } from 'tfjs-saliency/worker';
import { findClass, ranking } from '../demo/classes.js';
import { sizeOf } from '../demo/figures.js';
import { presetNamed } from '../demo/presets.js';
import { readImage } from '../shared/images.js';
import type { Photo } from '../shared/images.js';
import { photoPicture, resizePicture } from '../shared/tiles.js';
import type { Flags } from './flags.js';
import type { Row } from './table.js';
import type { ModelSpec } from './worker.js';

export interface Batch {
  readonly saliency: Saliency<ModelSpec>;
  readonly flags: Flags;
  /** One per class, if they are known. */
  readonly labels: readonly string[] | undefined;
}

export interface ExplainedPhoto {
  readonly row: Omit<Row, 'photo'>;
  /** A PNG file. */
  readonly picture: Uint8Array;
}

/** @throws InputError for a photo that cannot be read, and what the library throws. */
export async function explainPhoto(
  { saliency, flags, labels }: Batch,
  file: string,
  signal: AbortSignal,
): Promise<ExplainedPhoto> {
  const photo = await readImage(file);
  const { data: scores } = await saliency.predict(flags.spec, photo, { signal });
  const classIndex = findClass(flags.class, scores, labels);
  const options = {
    samples: flags.samples,
    noiseLevel: flags.noise,
    seed: flags.seed,
    aggregate: 'maxAbs',
    at: [flags.samples],
    signal,
  } as const;
  const { value: step } = await saliency
    .smoothGradSteps(flags.spec, photo, classIndex, options)
    .next();
  const nameOf = (index: number): string => labels?.[index] ?? '';
  const described = (index: number): string => `${index} ${nameOf(index)}`.trim();
  return {
    row: {
      class: String(classIndex),
      label: nameOf(classIndex),
      score: scores[classIndex]!.toPrecision(6),
      samples: String(step!.done),
      reliability: step!.reliability.toFixed(4),
      top: ranking(scores)
        .slice(0, 5)
        .map((index) => `${described(index)}: ${scores[index]!.toPrecision(4)}`)
        .join('; '),
    },
    picture: await draw(photo, step!.map, flags),
  };
}

/** In the proportions of the photo, or of what the model sees of it. */
async function draw(
  photo: Photo,
  { data, shape }: ArrayTensor,
  { picture, spec }: Flags,
): Promise<Uint8Array> {
  const [height = 1, width = 1] = shape;
  const crop = spec.preset === undefined ? 'none' : presetNamed(spec.preset).options.crop;
  const size = sizeOf(crop === 'none' ? photo : { width, height }, Math.max(height, width, 256));
  const map = tidy(() => normalize(tensor(data, shape)));
  let drawn: Tensor;
  if (picture === 'map') {
    const colours = colorize(map);
    drawn = await resizePicture(colours, size);
    colours.dispose();
  } else {
    const view: Tensor3D = await photoPicture(photo, size, crop);
    drawn = tidy(() => overlay(mean(view, 2, true), map, { alpha: 0.6 }));
    view.dispose();
  }
  const file = await encodePNG(drawn);
  map.dispose();
  drawn.dispose();
  return file;
}
