/** Explains what an ONNX classifier sees in a photo, by RISE. */
import { squeeze } from '@tensorflow/tfjs-core';
import { readFile, writeFile } from 'node:fs/promises';
import { encodePNG, overlay, rise, torch } from 'tfjs-saliency';
import { readImage } from 'tfjs-saliency/node';
import { useWasm } from '../shared/backend.js';
import { checkFile } from '../shared/files.js';
import { InputError, run } from '../shared/run.js';
import { onnxClassifier } from './onnxClassifier.js';

await run('onnx', async () => {
  const [file, photoFile, out = 'onnx.png'] = process.argv.slice(2);
  if (file === undefined || photoFile === undefined)
    throw new InputError('usage: npx tsx examples/onnx/main.ts MODEL.onnx PHOTO [PICTURE.png]');
  await checkFile(file);
  await useWasm();
  const photo = await readImage(photoFile);
  const model = await onnxClassifier(await readFile(file));
  const map = await rise.async(model, photo, 'argmax', {
    preprocess: torch,
    batchSize: 8,
    until: 0.95,
    onProgress: ({ done, reliability }) => {
      process.stdout.write(`\r${done} masks, reliability ${reliability.toFixed(2)}`);
    },
  });
  const input = torch.preprocess(photo);
  const picture = overlay(squeeze(torch.deprocess(input), [0]), squeeze(map));
  await writeFile(out, await encodePNG(picture));
  process.stdout.write(`\n${out}\n`);
});
