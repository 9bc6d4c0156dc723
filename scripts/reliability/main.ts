/**
 * `npm run reliability`: the predicted correlation of SmoothGrad's map with its converged one,
 * against the measured one, for nsfwjs's MobileNetV2 and a photo, on the wasm backend. Prints a
 * table in Markdown. Takes some minutes.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { createPreprocessing } from 'tfjs-saliency';
import { readImage } from 'tfjs-saliency/node';
import { useWasm } from '../../examples/shared/backend.js';
import { nsfwModel } from '../../test/model/trained.js';
import { measureBlocks } from './blocks.js';
import { HEADER, rowsOf } from './table.js';

const SIZE = 224;
const AT = [16, 50, 100, 200];
const NOISE_LEVELS = [0.05, 0.15];
/** Each one is compared with the mean of all others: 1000 samples. */
const BLOCKS = 6;

async function rowsAt(noiseLevel: number): Promise<string[]> {
  await useWasm();
  const model = await nsfwModel(SIZE);
  const photo = await readImage(path.resolve('node_modules/colorthief/examples/img/image-1.jpg'));
  const preprocess = createPreprocessing({
    name: 'nsfwjs',
    inputSize: [SIZE, SIZE],
    scale: 1 / 255,
  });
  return rowsOf(
    noiseLevel,
    AT,
    await measureBlocks(model, photo, { preprocess, noiseLevel, at: AT }, BLOCKS),
  );
}

/** In a process of its own, because wasm has one thread in Node. */
async function rowsOfChild(noiseLevel: number): Promise<string> {
  const script = [...process.execArgv, process.argv[1]!, String(noiseLevel)];
  return (await promisify(execFile)(process.execPath, script)).stdout;
}

const [, , noiseLevel] = process.argv;
if (noiseLevel === undefined) {
  console.log(HEADER.join('\n'));
  console.log((await Promise.all(NOISE_LEVELS.map(rowsOfChild))).join('').trimEnd());
} else console.log((await rowsAt(Number(noiseLevel))).join('\n'));
