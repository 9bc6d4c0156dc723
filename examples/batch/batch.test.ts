// Oracle: a model whose classes each see one half of the photo, so that their maps and scores are
// known.
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import sharp from 'sharp';
import '../../test/backends.js';
import { startWorker } from '../shared/startWorker.js';
import { useWasm } from '../shared/backend.js';
import { runHere } from '../testing/runHere.js';
import { temporaryFolder } from '../testing/temporaryFolder.js';
import { writeModel } from '../testing/writeModel.js';
import { batch } from './batch.js';
import { usage } from './flags.js';
import { COLUMNS, parseLines } from './table.js';

const folder = temporaryFolder();
const at = (...names: string[]) => path.join(folder, ...names);
const PHOTOS = ['a.png', 'b, "b".png', 'c.jpg', 'd.png', 'e.png', 'f.png'];

/** White on the left half or on the right one. */
function photo(left: number, right: number) {
  const pixels = Uint8Array.from({ length: 64 * 48 * 3 }, (_, i) =>
    Math.floor(i / 3) % 64 < 32 ? left : right,
  );
  return sharp(pixels, { raw: { width: 64, height: 48, channels: 3 } });
}

beforeAll(async () => {
  await useWasm();
  const model = sequential({
    layers: [
      layers.flatten({ inputShape: [16, 16, 3] }),
      layers.dense({ units: 2, useBias: false }),
    ],
  });
  const [kernel] = model.getWeights();
  const weights = Float32Array.from({ length: kernel!.size }, (_, i) => {
    const isLeft = Math.floor(i / 6) % 16 < 8;
    return (i % 2 === 0) === isLeft ? 1 / 384 : 0;
  });
  model.setWeights([tensor(weights, kernel!.shape)]);
  await writeModel(model, at('model'));
  writeFileSync(at('labels.json'), '["left", "right"]');
  mkdirSync(at('photos'));
  for (const [i, name] of PHOTOS.entries())
    await photo(i % 2 === 0 ? 255 : 0, i % 2 === 0 ? 0 : 255).toFile(at('photos', name));
});

const flags = (out: string, ...more: string[]) => [
  ...[
    '--in',
    at('photos'),
    '--out',
    at(out),
    '--model',
    at('model'),
    '--preset',
    'unit',
    '--labels',
    at('labels.json'),
  ],
  ...['--samples', '8', '--workers', '1', ...more],
];

const worker = pathToFileURL(path.join(__dirname, 'worker.ts'));
const runBatch = (args: string[]) =>
  runHere('batch', (all) => batch(all, () => startWorker(worker)), args);
const run = (out: string, ...more: string[]) => runBatch(flags(out, ...more));

/** The rows of a table by the names of their photos. */
function rowsOf(...names: string[]): Record<string, Record<string, string>> {
  const [header, ...lines] = parseLines(readFileSync(at(...names), 'utf8'));
  expect(header).toEqual(COLUMNS);
  return Object.fromEntries(
    lines.map((cells) => [
      cells[0]!,
      Object.fromEntries(cells.map((cell, i) => [header![i]!, cell])),
    ]),
  );
}

test('each photo has its picture and its row', async () => {
  const { status, stdout, stderr } = await run('all');
  expect({ status, stdout, stderr }).toEqual({
    status: 0,
    stdout: `${at('all', 'scores.csv')}: 6 of 6 photos, 0 of them from before\n`,
    stderr: '',
  });
  const rows = rowsOf('all', 'scores.csv');
  expect(Object.keys(rows).sort()).toEqual(PHOTOS);
  expect(rows[PHOTOS[1]!]).toEqual({
    photo: 'b, "b".png',
    picture: 'b, "b".png.png',
    class: '1',
    label: 'right',
    score: '1.00000',
    samples: '8',
    reliability: '1.0000', // the score is linear: each noisy map is the converged one
    top: '1 right: 1.000; 0 left: 0.000',
    error: '',
  });
  expect(rows['a.png']).toMatchObject({ class: '0', label: 'left' });
  expect(readdirSync(at('all')).sort()).toEqual([
    ...PHOTOS.map((name) => `${name}.png`),
    'scores.csv',
    'settings.json',
  ]);
  expect(await sharp(at('all', 'a.png.png')).metadata()).toMatchObject({
    width: 64,
    height: 48 + 24,
    format: 'png',
  });
});

test('the map of a class is lit where the class looks', async () => {
  expect((await run('maps', '--picture', 'map', '--class', 'right')).stderr).toBe('');
  const { data, info } = await sharp(at('maps', 'a.png.png'))
    .extract({ left: 0, top: 0, width: 64, height: 48 }) // without the caption
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const halves = [0, 0];
  data.forEach((value, i) => (halves[i % info.width < info.width / 2 ? 0 : 1]! += value));
  expect(halves[1]).toBeGreaterThan(4 * halves[0]!);
});

test('another method, and a preset that the model itself tells', async () => {
  writeFileSync(
    at('model', 'metadata.json'),
    JSON.stringify({ packageName: '@teachablemachine/image', labels: ['left', 'right'] }),
  );
  try {
    const args = ['--in', at('photos'), '--out', at('guessed'), '--model', at('model')];
    const more = ['--method', 'gradientTimesInput', '--workers', '1', '--view', 'contour'];
    const { status, stdout, stderr } = await runBatch([...args, ...more]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\n')[0]).toBe(
      `${at('model')} (Teachable Machine, by its metadata.json: teachableMachine, 16 x 16)`,
    );
    expect(rowsOf('guessed', 'scores.csv')['a.png']).toMatchObject({
      label: 'left',
      samples: '',
      reliability: '',
      error: '',
    });
  } finally {
    rmSync(at('model', 'metadata.json'));
  }
});

test('a broken photo is noted in its row, does not stop the rest, and is tried again', async () => {
  writeFileSync(at('photos', 'broken.png'), 'not an image');
  try {
    const first = await run('broken');
    expect(first.status).toBe(0);
    const rows = rowsOf('broken', 'scores.csv');
    expect(Object.keys(rows)).toHaveLength(7);
    expect(rows['broken.png']).toMatchObject({
      picture: '',
      class: '',
      error: expect.stringContaining('not an image that can be read') as string,
    });
    await photo(255, 0).toFile(at('photos', 'broken.png'));
    expect((await run('broken')).stdout).toBe(
      `${at('broken', 'scores.csv')}: 7 of 7 photos, 6 of them from before\n`,
    );
    expect(rowsOf('broken', 'scores.csv')['broken.png']).toMatchObject({
      label: 'left',
      error: '',
    });
  } finally {
    rmSync(at('photos', 'broken.png'));
  }
});

test('after a kill it goes on: nothing is half written, what is complete is not computed again', async () => {
  const args = [
    '--import',
    'tsx',
    path.join(__dirname, 'main.ts'),
    ...flags('killed', '--samples', '1000'),
  ];
  const child = spawn(process.execPath, args, { cwd: path.join(__dirname, '../..') });
  const closed = new Promise((resolve) => child.on('close', resolve));
  const table = at('killed', 'scores.csv');
  while (!existsSync(table) || parseLines(readFileSync(table, 'utf8')).length < 3) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGKILL');
  await closed;
  appendBrokenLine(table);

  const before = rowsOf('killed', 'scores.csv');
  const complete = Object.keys(before);
  expect(complete.length).toBeGreaterThanOrEqual(2);
  expect(complete.length).toBeLessThan(PHOTOS.length);
  const visible = readdirSync(at('killed')).filter(
    (name) => !name.startsWith('.') && name.endsWith('.png'),
  );
  for (const name of visible) expect((await sharp(at('killed', name)).stats()).isOpaque).toBe(true);
  const modified = complete.map((name) => statSync(at('killed', `${name}.png`)).mtimeMs);

  const { status, stdout } = await run('killed', '--samples', '1000');
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: `${table}: 6 of 6 photos, ${complete.length} of them from before\n`,
  });
  expect(complete.map((name) => statSync(at('killed', `${name}.png`)).mtimeMs)).toEqual(modified);
  const after = rowsOf('killed', 'scores.csv');
  expect(Object.keys(after).sort()).toEqual(PHOTOS);
  for (const name of complete) expect(after[name]).toEqual(before[name]);
});

/** As a kill in the middle of a write leaves one. */
function appendBrokenLine(table: string): void {
  writeFileSync(table, `${readFileSync(table, 'utf8')}f.png,f.png.png,"1`);
}

test('shards share the photos, and are the same as all at once', async () => {
  for (const shard of ['1/2', '2/2'])
    expect((await run('shards', '--shard', shard)).status).toBe(0);
  const tables = [1, 2].map((index) => rowsOf('shards', `scores-${index}-of-2.csv`));
  const [first, second] = tables.map((rows) => Object.keys(rows));
  expect([...first!, ...second!].sort()).toEqual(PHOTOS);
  expect({ ...tables[0], ...tables[1] }).toEqual(rowsOf('all', 'scores.csv'));
});

const WRONG: [string, string[], string][] = [
  [
    'results of other settings',
    flags('all', '--samples', '9'),
    `${at('all')}: has results of other settings, see its settings.json`,
  ],
  [
    'a class that there is not',
    flags('x', '--class', 'up'),
    "--class must be an index, a name or 'argmax', got 'up'",
  ],
  [
    'a shard that there is not',
    flags('x', '--shard', '3/2'),
    "--shard must be I/N with 1 <= I <= N, got '3/2'",
  ],
  [
    'another kind of picture',
    flags('x', '--picture', 'photo'),
    "--picture must be overlay or map, got 'photo'",
  ],
  ['no folder', ['--out', at('x')], '--in is missing'],
  ['no model', flags('x', '--model', at('none')), `${at('none')}: no such file or folder`],
];

test.each(WRONG)('%s: one line and exit code 1', async (_, args, message) => {
  expect(await runBatch(args)).toEqual({
    status: 1,
    stdout: '',
    stderr: `batch: ${message}\n`,
  });
});

test('--help', async () => {
  expect(await runBatch(['--help'])).toEqual({ status: 0, stdout: usage, stderr: '' });
});
