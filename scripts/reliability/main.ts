/**
 * `npm run reliability`: the predicted correlation of SmoothGrad's map, and of what is shown of it,
 * with the converged one, against the measured one, on the wasm backend. Prints a table in
 * Markdown: two photos, trained models at a small size. Takes some minutes.
 */
import path from 'node:path';
import { createPreprocessing } from 'tfjs-saliency';
import type { Model } from 'tfjs-saliency';
import { readImage } from 'tfjs-saliency/node';
import { loadCenterNet } from '../../examples/demo/centernet.js';
import { loadNsfwjs } from '../../examples/demo/nsfwjs.js';
import { useWasm } from '../../examples/shared/backend.js';
import { nsfwModel } from '../../test/model/trained.js';
import { measure } from './measure.js';
import { HEADER, rowsOf } from './table.js';

const PHOTOS = ['image-1.jpg', 'image-3.jpg'];

const MODELS: [name: string, load: () => Promise<Model>, side: number, std: number][] = [
  ['MobileNetV2 (nsfwjs), 128', () => nsfwModel(128), 128, 255],
  [
    'MobileNetV2 1.4 (nsfwjs), 224',
    async () => (await loadNsfwjs('mobilenet_v2_mid')).model,
    224,
    255,
  ],
  ['CenterNet (human), 128', async () => (await loadCenterNet()).model, 128, 1],
];

await useWasm();
console.log(HEADER.join('\n'));
for (const [name, load, side, std] of MODELS) {
  const model = await load();
  const preprocess = createPreprocessing({ name, inputSize: [side, side], std });
  const found = [];
  for (const photo of PHOTOS) {
    const file = path.resolve('node_modules/colorthief/examples/img', photo);
    found.push(await measure(model, await readImage(file), preprocess));
  }
  console.log(rowsOf(name, found).join('\n'));
}
