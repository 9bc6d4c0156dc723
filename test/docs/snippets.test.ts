// Oracle: TypeScript and Node, which read the snippets of the documents as a reader would paste
// them.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { runScript } from '../../examples/testing/runScript.js';
import { writeModel } from '../../examples/testing/writeModel.js';
import { snippets } from './fences.js';
import { typeErrors } from './typeErrors.js';

const root = path.resolve(__dirname, '../..');
const found = snippets();
/** A reader's folder: a model of Teachable Machine, a photo, and the packages. */
const folder = mkdtempSync(path.join(tmpdir(), 'snippets-'));
/** Beside the packages, so that they are found. */
const cache = path.join(root, 'node_modules/.cache/tfjs-saliency');
const sources = mkdtempSync(path.join((mkdirSync(cache, { recursive: true }), cache), 'snippets-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(sources, { recursive: true });
});

async function writeFixtures(): Promise<void> {
  const model = sequential({
    layers: [
      layers.conv2d({ inputShape: [32, 32, 3], filters: 4, kernelSize: 3, activation: 'relu' }),
      layers.globalAveragePooling2d({}),
      layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
  await writeModel(model, path.join(folder, 'model'));
  const metadata = {
    packageName: '@teachablemachine/image',
    labels: ['cat', 'dog'],
    imageSize: 32,
  };
  writeFileSync(path.join(folder, 'model/metadata.json'), JSON.stringify(metadata));
  const raw = { width: 40, height: 30, channels: 3 } as const;
  const pixels = Uint8Array.from({ length: 40 * 30 * 3 }, (_, i) => (i * 7) % 256);
  await sharp(pixels, { raw }).jpeg().toFile(path.join(folder, 'cat.jpg'));
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
}

test('all of them are found', () => {
  expect(found.length).toBeGreaterThan(10);
  expect(found.filter(({ isRun }) => isRun).length).toBeGreaterThan(3);
});

test('those that need a page or a worker have the types that the library takes', () => {
  expect(typeErrors(found.filter(({ isRun }) => !isRun))).toEqual([]);
});

test('those that are whole programs run', async () => {
  expect(await tf.setBackend('cpu')).toBe(true);
  await writeFixtures();
  const files = found
    .filter(({ isRun }) => isRun)
    .map(({ code, place }, i) => {
      writeFileSync(path.join(sources, `${i}.mjs`), code);
      return `console.error(${JSON.stringify(place)}); await import('./${i}.mjs');`;
    });
  const all = path.join(sources, 'all.mjs');
  writeFileSync(all, files.join('\n'));
  const { status, stdout, stderr } = runScript(all, [], '', folder);
  // The last place in stderr is that of the snippet which failed; lines of packages are endless.
  const lines = stderr.split('\n').filter((line) => line.length < 300);
  expect(status === 0 ? [] : lines).toEqual([]);
  expect(stdout).toContain('classIndex: 0'); // README's person
  expect(readdirSync(folder)).toContain('map.png');
});
