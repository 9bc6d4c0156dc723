/** `npm run demo`: a photo and a trained model that come with `npm ci` become saliency maps in out/. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import * as saliency from 'tfjs-saliency';
import type { Model, PreprocessingPreset } from 'tfjs-saliency';
import { useWasm } from '../shared/backend.js';
import { positiveInteger, positiveNumber, required } from '../shared/flags.js';
import { readImage } from '../shared/images.js';
import { loadModel } from '../shared/models.js';
import { writePictures } from '../shared/pictures.js';
import { progressBar } from '../shared/progress.js';
import { InputError, run } from '../shared/run.js';

const HELP = `npm run demo -- [options]
  --model DIR_OR_URL   a layers or graph model; default: the CenterNet of @vladmandic/human, a detector of the 80 COCO
                       classes, read as a classifier by the maximum over its image positions
  --image FILE         a JPEG or PNG; default: a photo of food from colorthief
  --class N            a class index or 'argmax'; default with the CenterNet: 45, "bowl"
  --preset NAME        how the model wants its input (vgg16, mobilenetV2, ...); needed with --model
  --samples N          noisy samples; default 30
  --noise LEVEL        their deviation as a fraction of the input's range; default 0.15
  --seed N             default 1
  --out DIR            default out
`;

const ARTICLE_STEPS = [1, 2, 3, 10, 20, 30, 50, 75, 100];
const BOWL = 45;
const PRESETS: Record<string, PreprocessingPreset> = Object.fromEntries(
  Object.entries(saliency).filter((entry): entry is [string, PreprocessingPreset] => typeof entry[1] === 'object' && 'preprocess' in entry[1]), // prettier-ignore
);

const resolve = createRequire(import.meta.url).resolve;
// Neither folder is exported, but both come with the packages.
const CENTERNET = path.join(path.dirname(resolve('@vladmandic/human')), '../models/centernet.json');
const PHOTO = path.join(path.dirname(resolve('colorthief/package.json')), 'examples/img/image-1.jpg');

async function centerNet(): Promise<{ model: Model; preset: PreprocessingPreset }> {
  const graph = (await loadModel(CENTERNET)) as GraphModel;
  const model = (x: Tensor): Tensor => tf.max(graph.execute(x, 'tower_0/keypoints') as Tensor, [1, 2]);
  return { model, preset: saliency.createPreprocessing({ name: 'centernet', inputSize: [512, 512] }) };
}

async function givenModel(
  location: string,
  name: string | undefined,
): Promise<{ model: Model; preset: PreprocessingPreset }> {
  const preset = PRESETS[required('preset', name)];
  if (preset === undefined) {
    throw new InputError(`--preset must be one of ${Object.keys(PRESETS).join(', ')}, got '${name}'`);
  }
  const model = await loadModel(location);
  const [, height, width] = model.inputs[0]?.shape ?? [];
  const sized = height != null && width != null && height > 0 && width > 0;
  return {
    model,
    preset: sized ? saliency.createPreprocessing({ ...preset.options, inputSize: [height, width] }) : preset,
  };
}

function printTopClasses(model: Model, x: Tensor): void {
  const outputs = tf.tidy(() => (typeof model === 'function' ? model(x) : model.predict(x)) as Tensor);
  const ranked = [...outputs.dataSync()].map((value, index) => ({ value, index })).sort((a, b) => b.value - a.value);
  outputs.dispose();
  for (const { value, index } of ranked.slice(0, 5)) console.log(`${value.toFixed(4)}  class ${index}`);
}

const picture = (map: Tensor): Tensor => tf.tidy(() => saliency.colorize(saliency.normalize(map), 'inferno'));

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values: flags } = parseArgs({
    options: { model: text, image: text, class: text, preset: text, samples: text, noise: text, seed: text, out: text, help: { type: 'boolean' } }, // prettier-ignore
  });
  if (flags.help === true) {
    console.log(HELP);
    return;
  }
  const samples = positiveInteger('samples', flags.samples ?? '30');
  const noiseLevel = positiveNumber('noise', flags.noise ?? '0.15');
  const seed = positiveInteger('seed', flags.seed ?? '1');
  const chosen = flags.class ?? (flags.model === undefined ? String(BOWL) : 'argmax');
  const classIndex = chosen === 'argmax' ? chosen : Number(chosen);
  if (typeof classIndex === 'number' && !(Number.isInteger(classIndex) && classIndex >= 0)) {
    throw new InputError(`--class must be a class index or 'argmax', got '${chosen}'`);
  }
  const photo = await readImage(flags.image ?? PHOTO);
  await useWasm();
  const { model, preset } = await (flags.model === undefined ? centerNet() : givenModel(flags.model, flags.preset));
  const x = preset.preprocess(photo);
  printTopClasses(model, x);

  const controller = new AbortController();
  const interrupt = (): void => {
    controller.abort();
  };
  process.once('SIGINT', interrupt);
  const maps: Tensor[] = [];
  const bar = progressBar('SmoothGrad', samples);
  const start = performance.now();
  let done = 0;
  try {
    const at = [...ARTICLE_STEPS.filter((count) => count < samples), samples];
    const steps = saliency.smoothGradSteps(model, x, classIndex, {
      // The range of the input is the preset's, not the photo's.
      stdDev: noiseLevel * (preset.range[0]![1] - preset.range[0]![0]),
      samples,
      at,
      seed,
      aggregate: 'maxAbs',
      signal: controller.signal,
      onProgress: (progress) => {
        done = progress.done;
        bar.update(done);
      },
    });
    for await (const { map } of steps) maps.push(tf.reshape(map, map.shape.slice(1)));
  } catch (error) {
    // Ctrl-C still writes what has converged so far.
    if (!controller.signal.aborted || maps.length === 0) throw refusal(error);
  } finally {
    bar.stop();
    process.removeListener('SIGINT', interrupt);
  }
  console.log(`${((performance.now() - start) / done).toFixed(0)} ms per gradient`);

  const vanilla = saliency.aggregateChannels(saliency.vanillaGradient(model, x, classIndex));
  const last = maps.at(-1)!;
  const image = tf.tidy(() => tf.cast(tf.round(tf.squeeze(preset.deprocess(x), [0])), 'int32') as Tensor3D);
  const smooth = picture(last);
  const files = await writePictures(flags.out ?? 'out', {
    map: smooth,
    overlay: saliency.overlay(image, tf.tidy(() => saliency.normalize(last))), // prettier-ignore
    comparison: saliency.grid([image, picture(tf.squeeze(vanilla, [0])), smooth], { columns: 3 }),
    convergence: saliency.grid(maps.map(picture), { columns: 3 }),
  });
  console.log(files.join('\n'));
}

/** What the library says of the arguments or the model is for the user to read, in one line. */
function refusal(error: unknown): unknown {
  const known =
    error instanceof RangeError || error instanceof TypeError || error instanceof saliency.GradientError
      ? error
      : undefined;
  return known === undefined ? error : new InputError(known.message);
}

await run('demo', main);
