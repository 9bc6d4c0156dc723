import { squeeze } from '@tensorflow/tfjs-core';
import { vgg16 as preset } from 'tfjs-saliency';
import { classNames, readImage } from 'tfjs-saliency/node';
import { useWasm } from '../shared/backend.js';
import { checkFile, checkOutFolder } from '../shared/files.js';
import { writePictures } from '../shared/pictures.js';
import { progressBar } from '../shared/progress.js';
import { buildVgg16 } from './buildVgg16.js';
import { runExperiment } from './experiment.js';
import { comparison, grayPicture } from './figure.js';
import { readFlags, usage } from './flags.js';
import { mostProbable } from './prediction.js';

/** Makes the article's figures of a photo, as the flags say. */
export async function vgg16(args: string[]): Promise<void> {
  const flags = readFlags(args);
  if (flags === undefined) {
    process.stdout.write(usage);
    return;
  }
  await checkFile(flags.weights);
  await checkOutFolder(flags.out);
  const photo = await readImage(flags.image);
  const labels = (flags.labels === undefined ? undefined : await classNames(flags.labels)) ?? [];

  await useWasm();
  const model = buildVgg16({ width: flags.width });
  // HDF5 takes seconds to load: nobody waits for it to read about a wrong flag.
  const { loadKerasWeights } = await import('./kerasWeights.js');
  await loadKerasWeights(model, flags.weights);

  const input = preset.preprocess(photo);
  for (const { classIndex, probability } of await mostProbable(model, input, 5)) {
    console.log(
      `${probability.toFixed(4)}  class ${classIndex} ${labels[classIndex] ?? ''}`.trimEnd(),
    );
  }

  const bar = progressBar('SmoothGrad', flags.samples);
  const maps = await runExperiment(model, photo, {
    samples: flags.samples,
    noiseLevel: flags.noise,
    seed: flags.seed,
    onSample: bar.update,
  }).finally(bar.stop);

  const files = await writePictures(flags.out, {
    photo: squeeze(preset.deprocess(input), [0]),
    gradient: grayPicture(maps.gradient),
    smoothgrad: grayPicture(maps.steps.at(-1)!.map),
    comparison: comparison(maps),
  });
  console.log(files.join('\n'));
  const steps = maps.steps.map(({ samples }) => samples).join(', ');
  console.log(
    `comparison.png, row by row: the noiseless gradient, then SmoothGrad after ${steps} samples`,
  );
  const { reliability } = maps.steps.at(-1)!;
  console.log(
    `predicted correlation of smoothgrad.png's map with the fully converged one: ${reliability.toFixed(2)}`,
  );
}
