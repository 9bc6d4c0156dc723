import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { runHere } from '../testing/runHere.js';
import { runScript } from '../testing/runScript.js';
import { temporaryFolder } from '../testing/temporaryFolder.js';
import { usage } from './flags.js';
import type { KerasFile } from './testing/kerasFile.js';
import { narrowLayers } from './testing/narrowVgg16.js';
import { vgg16 } from './vgg16.js';

const folder = temporaryFolder();
const at = (name: string) => path.join(folder, name);
const size = 224;

/** The pixels of a PNG file as RGB. */
async function pixels(file: string) {
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

/** A square of a picture, as bytes. */
async function square(file: string, left: number): Promise<Buffer> {
  return sharp(file).extract({ left, top: 0, width: size, height: size }).raw().toBuffer();
}

beforeAll(async () => {
  const weights: KerasFile = {
    file: at('narrow.h5'),
    format: 'v108',
    group: '/',
    layers: narrowLayers({ inputSize: size, classes: 1000 }),
  };
  const written = runScript('vgg16/testing/writeKerasFiles.ts', [], JSON.stringify([weights]));
  expect(written).toEqual({ status: 0, stdout: '', stderr: '' });
  const data = Uint8Array.from(
    { length: size * size * 3 },
    (_, i) => 128 + 127 * Math.sin(i / 701) * Math.cos(i / 13),
  );
  await sharp(data, { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toFile(at('photo.png'));
  writeFileSync(
    at('labels.json'),
    JSON.stringify(Array.from({ length: 1000 }, (_, i) => `thing ${i}`)),
  );
});

test('weights and photo become figures', async () => {
  const out = at('figures');
  const files = [
    '--weights',
    at('narrow.h5'),
    '--image',
    at('photo.png'),
    '--labels',
    at('labels.json'),
    '--out',
    out,
  ];
  const { status, stdout, stderr } = runScript('vgg16/main.ts', [
    ...files,
    '--width',
    '0.0625',
    '--samples',
    '3',
  ]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });

  const lines = stdout.trimEnd().split('\n');
  const predictions = lines
    .slice(0, 5)
    .map((line) => /^([01]\.\d{4}) {2}class (\d+) thing (\d+)$/.exec(line)!);
  const probabilities = predictions.map(([, probability]) => Number(probability));
  expect(probabilities).toEqual([...probabilities].sort((a, b) => b - a));
  for (const [, , index, label] of predictions) expect(label).toBe(index);
  const names = ['photo', 'gradient', 'smoothgrad', 'comparison'].map((name) =>
    path.join(out, `${name}.png`),
  );
  expect(lines.slice(5, -1)).toEqual([
    ...names,
    'comparison.png, row by row: the noiseless gradient, then SmoothGrad after 1, 2, 3 samples',
  ]);
  expect(lines.at(-1)).toMatch(
    /^predicted correlation of smoothgrad.png's map with the fully converged one: 0\.\d\d$/,
  );

  expect(readdirSync(out).sort()).toEqual([
    'comparison.png',
    'gradient.png',
    'photo.png',
    'smoothgrad.png',
  ]);
  const [photo, gradient, smoothgrad, comparison] = names as [string, string, string, string];
  // A photo of the net's own size comes back as it was.
  expect(await pixels(photo)).toEqual(await pixels(at('photo.png')));
  expect(await pixels(comparison)).toMatchObject({ width: 4 * size + 3 * 4, height: size });
  expect(await square(comparison, 0)).toEqual(await square(gradient, 0));
  expect(await square(comparison, 3 * (size + 4))).toEqual(await square(smoothgrad, 0));
});

const good = ['--weights', at('narrow.h5'), '--image', at('photo.png')];
const bad: [message: string, args: string[]][] = [
  ['--weights is missing', []],
  [`${at('none.h5')}: no such file`, [...good, '--weights', at('none.h5')]],
  [`${at('none.jpg')}: no such file`, [...good, '--image', at('none.jpg')]],
  [`${at('photo.png')}: not a folder`, [...good, '--out', at('photo.png')]],
];

test.each(bad)('one line and exit code 1: %s', async (message, args) => {
  const outcome = await runHere('vgg16', vgg16, ['--out', at('nothing'), ...args]);
  expect(outcome).toEqual({ status: 1, stdout: '', stderr: `vgg16: ${message}\n` });
  expect(existsSync(at('nothing'))).toBe(false);
});

test('an unknown flag is named in one line', async () => {
  const { status, stdout, stderr } = await runHere('vgg16', vgg16, [...good, '--sample', '3']);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^vgg16: Unknown option '--sample'.*\n$/);
});

test('--help prints the usage', async () => {
  expect(await runHere('vgg16', vgg16, ['--help'])).toEqual({
    status: 0,
    stdout: usage,
    stderr: '',
  });
});
