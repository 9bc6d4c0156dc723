import { readImage } from 'tfjs-saliency/node';
import { useBackend } from '../shared/backend.js';
import { checkOutFolder } from '../shared/files.js';
import { titleOf } from '../shared/methods.js';
import { writePictures } from '../shared/pictures.js';
import { progressBar } from '../shared/progress.js';
import { describeTop, findClass, nameOf } from './classes.js';
import { classScores, loadOwnModel } from './classifier.js';
import { explain } from './explain.js';
import { drawFigures } from './figures.js';
import { readFlags, usage } from './flags.js';

/** Explains a photo as the flags say: pictures as PNG files, and what they show on stdout. */
export async function demo(args: string[]): Promise<void> {
  const flags = readFlags(args);
  if (flags === undefined) {
    process.stdout.write(usage);
    return;
  }
  await checkOutFolder(flags.out);
  const photo = await readImage(flags.image ?? (await import('./centernet.js')).foodPhoto);

  await useBackend(flags.backend);
  const classifier = await (flags.model === undefined
    ? (await import('./centernet.js')).loadCenterNet()
    : loadOwnModel(flags.model));
  const { name, labels, preprocess } = classifier;
  const scores = await classScores(classifier, photo);
  const classIndex = findClass(flags.class, scores, labels);
  const className = nameOf(classIndex, labels);
  console.log(`${name}\n${describeTop(classIndex, scores, labels)}`);

  const interruption = new AbortController();
  const interrupt = (): void => {
    interruption.abort();
  };
  process.on('SIGINT', interrupt);
  const isSmooth = flags.method === 'smoothGrad';
  const title = titleOf(flags.method);
  const bar = isSmooth ? progressBar(title, flags.samples) : undefined;
  const explanation = await explain(classifier, photo, classIndex, {
    ...flags,
    onSample: (done, reliability) => {
      bar?.update(done, `reliability ${reliability.toFixed(2)}`);
    },
    signal: interruption.signal,
  }).finally(() => bar?.stop());

  const { steps, reliability, millisecondsPerGradient } = explanation;
  const done = steps.at(-1)?.samples;
  // WebGPU in Node gives numbers asynchronously only; once read, they are at hand.
  const maps = [explanation.gradient, explanation.map, ...steps.map(({ map }) => map)];
  await Promise.all(maps.map((map) => map.data()));
  const titles = {
    method: isSmooth ? `${title}, ${done === 1 ? '1 sample' : `${done!} samples`}` : title,
    class: `${labels?.[classIndex] ?? className}, ${scores[classIndex]!.toPrecision(2)}`,
  };
  const figures = await drawFigures(photo, preprocess, explanation, titles, flags.look);
  const files = await writePictures(flags.out, figures);
  console.log(
    isSmooth
      ? `${className}: ${done!} samples at ${millisecondsPerGradient.toFixed(0)} ms a gradient, ` +
          `reliability ${reliability.toFixed(2)} (predicted correlation with the converged map)`
      : `${className}: ${title}`,
  );
  console.log(files.join('\n'));
  process.off('SIGINT', interrupt);
}
