import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import '../../test/backends.js';
import { useWasm } from '../shared/backend.js';
import { runHere } from '../testing/runHere.js';
import { runScript } from '../testing/runScript.js';
import { temporaryFolder } from '../testing/temporaryFolder.js';
import { node, placeholder, writeGraph } from '../testing/writeGraph.js';
import type { Constant } from '../testing/writeGraph.js';
import { writeModel } from '../testing/writeModel.js';
import { demo } from './demo.js';
import { usage } from './flags.js';
import { presetNames } from './presets.js';

const folder = temporaryFolder();
const at = (...names: string[]) => path.join(folder, ...names);
const pictures = ['comparison.png', 'convergence.png', 'map.png', 'overlay.png'];

/** Of a gray picture, one number per pixel. */
async function grayPixels(file: string) {
  const { data, info } = await sharp(file).greyscale().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/**
 * The share of a gray picture's brightness that lies in a box, whose sides are fractions of the
 * picture's.
 */
async function shareInBox(
  file: string,
  [left, top, right, bottom]: [number, number, number, number],
): Promise<number> {
  const { data, width, height } = await grayPixels(file);
  let inside = 0;
  let all = 0;
  data.forEach((value, i) => {
    const [x, y] = [(i % width) / width, Math.floor(i / width) / height];
    all += value;
    if (x >= left && x < right && y >= top && y < bottom) inside += value;
  });
  return inside / all;
}

beforeAll(async () => {
  await useWasm();
  const colours = Uint8Array.from({ length: 64 * 48 * 3 }, (_, i) => 128 + 127 * Math.sin(i / 37));
  const photo = sharp(colours, { raw: { width: 64, height: 48, channels: 3 } });
  await photo.png().toFile(at('photo.png'));
  await photo.jpeg().toFile(at('photo.jpg'));
  writeFileSync(at('text.jpg'), 'not an image');
  writeFileSync(at('labels.json'), '["left", "right", "both"]');
  writeFileSync(at('two.json'), '["left", "right"]');

  // Class 0 sees the left half of the photo, class 1 the right one, class 2 both.
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [16, 16, 3] }),
      tf.layers.dense({ units: 3, useBias: false }),
    ],
  });
  const [kernel] = model.getWeights();
  const weights = Float32Array.from({ length: kernel!.size }, (_, i) => {
    const isLeft = Math.floor(i / 9) % 16 < 8;
    return i % 3 === 2 || (i % 3 === 0) === isLeft ? 1 : 0;
  });
  model.setWeights([tensor(weights, kernel!.shape)]);
  await writeModel(model, at('model'));

  const axes: Constant = { shape: [2], values: [1, 2], dtype: 'int32' };
  const means = [
    node('mean', 'Mean', ['f', 'axes'], { Tidx: { type: 'DT_INT32' }, keep_dims: { b: false } }),
  ];
  writeGraph(
    at('floor'),
    [placeholder('x', [-1, 16, 16, 3]), node('f', 'Floor', ['x']), ...means],
    { axes },
  );
  // Of gray images, as handwriting: class 0 is all there is to see.
  writeGraph(at('gray'), [placeholder('x', [-1, 16, 16, 1]), node('f', 'Relu', ['x']), ...means], {
    axes,
  });
  // An export of Teachable Machine: the same model with its metadata beside it.
  await writeModel(model, at('teachable'));
  writeFileSync(
    at('teachable', 'metadata.json'),
    JSON.stringify({
      packageName: '@teachablemachine/image',
      labels: ['left', 'right', 'both'],
      imageSize: 16,
    }),
  );
  const input = tf.input({ shape: [16, 16, 3] });
  const two = tf.model({
    inputs: input,
    outputs: ['scores', 'box'].map(
      (name, i) =>
        tf.layers
          .dense({ name, units: 3 + i })
          .apply(tf.layers.flatten().apply(input)) as SymbolicTensor,
    ),
  });
  await writeModel(two, at('two'));
  writeGraph(at('graph'), [placeholder('x', [-1, 16, 16, 3]), node('f', 'Relu', ['x']), ...means], {
    axes,
  });
  writeGraph(at('segmentation'), [placeholder('x', [-1, 16, 16, 3]), node('f', 'Relu', ['x'])], {});
}, 60_000);

const own = (model: string) => [
  '--model',
  at(model),
  '--preset',
  'mobilenet',
  '--image',
  at('photo.png'),
];

describe('a model and a photo of the user', () => {
  test("a layers model: the classes by score, and the class's own half of the photo is lit", async () => {
    const out = at('own');
    const flags = [
      '--labels',
      at('labels.json'),
      '--class',
      'left',
      '--samples',
      '4',
      '--out',
      out,
    ];
    const { status, stdout, stderr } = await runHere('demo', demo, [...own('model'), ...flags]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe(at('model'));
    expect(
      lines
        .slice(1, 4)
        .map((line) => /^-?\d+\.\d{4} {2}(.*)$/.exec(line)![1])
        .sort(),
    ).toEqual(['both (2)', 'left (0)  <- explained', 'right (1)']);
    // The score is linear: each noisy map is the converged one.
    expect(lines[4]).toMatch(/^left \(0\): 4 samples at \d+ ms a gradient, reliability 1\.00 \(/);
    expect(lines.slice(5)).toEqual(
      ['map', 'overlay', 'comparison', 'convergence'].map((name) => path.join(out, `${name}.png`)),
    );
    expect(readdirSync(out).sort()).toEqual(pictures);

    // All of it, but for the blur of enlarging 16 pixels to 64.
    expect(await shareInBox(path.join(out, 'map.png'), [0, 0, 0.5, 1])).toBeGreaterThan(0.95);
    const size = async (name: string) => {
      const { width, height } = await sharp(path.join(out, name)).metadata();
      return [width, height];
    };
    // The photo's own, and captions of 24 pixels.
    expect(await size('map.png')).toEqual([64, 48]);
    expect(await size('overlay.png')).toEqual([64, 48 + 24]);
    // Four tiles of at least 256 pixels, gaps of 8.
    expect(await size('comparison.png')).toEqual([2 * 256 + 8, 2 * (192 + 24) + 8]);
    // The gradient and 1, 2, 3, 4 samples.
    expect(await size('convergence.png')).toEqual([3 * 256 + 2 * 8, 2 * (192 + 24) + 8]);
  });

  test('an export of Teachable Machine: its labels and preset are found, and said', async () => {
    const out = at('guessed');
    const flags = ['--image', at('photo.png'), '--class', 'left', '--out', out];
    const args = ['--model', at('teachable'), '--method', 'gradientTimesInput', ...flags];
    const { status, stdout, stderr } = await runHere('demo', demo, args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe(
      `${at('teachable')} (Teachable Machine, by its metadata.json: teachableMachine, 16 x 16)`,
    );
    expect(lines[4]).toBe('left (0): gradient times input');
    // No samples, no convergence; and only the square in the middle is seen.
    expect(readdirSync(out).sort()).toEqual(['comparison.png', 'map.png', 'overlay.png']);
    expect(await sharp(path.join(out, 'map.png')).metadata()).toMatchObject({
      width: 48,
      height: 48,
    });
    expect(await shareInBox(path.join(out, 'map.png'), [0, 0, 0.5, 1])).toBeGreaterThan(0.95);
  });

  test.each([
    ['gray', ['--model', 'gray'], /\(gray images, by the input's shape .*: gray, 16 x 16,/],
    [
      'two',
      ['--model', 'two', '--preset', 'unit', '--output', 'scores'],
      /class \d {2}<- explained$/m,
    ],
  ])('a model of %s', async (name, [flag, model, ...more], expected) => {
    const out = at(`${name}-out`);
    const args = [flag!, at(model!), ...more, '--image', at('photo.png'), '--samples', '2'];
    const { status, stdout, stderr } = await runHere('demo', demo, [...args, '--out', out]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(expected);
    expect(readdirSync(out).sort()).toEqual(pictures);
  });

  test('a graph model and a JPEG; the same seed makes the same pictures, another one others', async () => {
    const runs: string[][] = [];
    for (const [i, seed] of ['1', '1', '2'].entries()) {
      const out = at(`seed${i}`);
      const flags = [
        '--image',
        at('photo.jpg'),
        '--samples',
        '2',
        '--antithetic',
        '--seed',
        seed,
        '--out',
        out,
      ];
      const { status, stderr } = await runHere('demo', demo, [...own('graph'), ...flags]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      runs.push(pictures.map((name) => readFileSync(path.join(out, name)).toString('base64')));
    }
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).not.toEqual(runs[0]);
  });

  test('Ctrl-C ends it after the sample it is at, and what there is so far is written', async () => {
    const out = at('interrupted');
    const args = [
      '--import',
      'tsx',
      path.join(__dirname, 'main.ts'),
      ...own('model'),
      '--samples',
      '500000',
      '--out',
      out,
    ];
    const child = spawn(process.execPath, args, { cwd: path.join(__dirname, '../..') });
    let stdout = '';
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => {
      if (stdout === '') setTimeout(() => child.kill('SIGINT'), 500);
      stdout += chunk.toString();
    });
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const samples = Number(/^class \d: (\d+) samples? at/m.exec(stdout)![1]);
    expect(samples).toBeGreaterThan(0);
    expect(samples).toBeLessThan(500_000);
    expect(readdirSync(out).sort()).toEqual(pictures);
  });
});

describe("the demo's own model and photo", () => {
  test('the bowl is lit, as measured on the photo', async () => {
    const out = at('default');
    const { status, stdout, stderr } = runScript('demo/main.ts', ['--samples', '2', '--out', out]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^CenterNet, an object detector read as a classifier/);
    expect(stdout).toMatch(/^0\.\d{4} {2}bowl \(45\) {2}<- explained$/m);
    // The bowl fills x 97..409 and y 125..411 of the 600 x 450 pixels, which is a third of them.
    const bowl: [number, number, number, number] = [97 / 600, 125 / 450, 409 / 600, 411 / 450];
    const uniform = (bowl[2] - bowl[0]) * (bowl[3] - bowl[1]);
    expect(await shareInBox(path.join(out, 'map.png'), bowl)).toBeGreaterThan(1.4 * uniform);
    for (const name of pictures) {
      const { channels } = await sharp(path.join(out, name)).stats();
      expect(channels[0]!.stdev).toBeGreaterThan(5);
    }
  });
});

describe('one line on stderr, exit code 1 and no file', () => {
  const names = presetNames.join(', ');
  const none = 'every path between them ends in an op without a gradient';

  test.each<[message: string, args: string[]]>([
    [`${at('none.jpg')}: no such file`, ['--image', at('none.jpg')]],
    [
      `--preset must be one of ${names}, got 'vgg17'`,
      ['--model', at('model'), '--preset', 'vgg17'],
    ],
    [`${at('none')}: no such file or folder`, own('none')],
    [
      '--class must be less than 3, the number of classes, got 3',
      [...own('model'), '--class', '3'],
    ],
    [
      'topClasses.async: labels.length must be 3, the number of classes, got 2',
      [...own('model'), '--labels', at('two.json')],
    ],
    [
      "topClasses.async: the model's output must have shape [n, classes], got [1, 16, 16, 3]; " +
        'wrap the model in a function that reduces the other axes, ' +
        'or choose an output with the option output',
      own('segmentation'),
    ],
  ])('%s', async (message, args) => {
    const outcome = await runHere('demo', demo, ['--out', at('nothing'), ...args]);
    expect(outcome).toEqual({ status: 1, stdout: '', stderr: `demo: ${message}\n` });
    expect(existsSync(at('nothing'))).toBe(false);
  });

  test.each<[what: string, message: string, args: string[]]>([
    ['no image', `${at('text.jpg')}: not an image that can be read (`, ['--image', at('text.jpg')]],
    ['unknown flag', "Unknown option '--sample'", ['--sample', '3']],
    [
      'a model of gray images with a preset of colours',
      'topClasses.async: the input after preprocessing with mobilenet must have shape [n, 16, 16, 1]',
      own('gray'),
    ],
    [
      'a model of colours without a preset',
      `${at('graph')}: give --preset, how it wants its images (one of ${names}): the model takes colours`,
      ['--model', at('graph'), '--image', at('photo.png')],
    ],
    [
      'a model of two outputs',
      'topClasses.async: model has 2 outputs (scores, box); choose one with the option output',
      own('two'),
    ],
    [
      'an output that is not there',
      "topClasses.async: output must be the name of an output ('scores', 'box') or of a node of the model, got 'classes'",
      [...own('two'), '--output', 'classes'],
    ],
    [
      'a model without gradient',
      `vanillaGradient: the score does not depend on the input on backend 'wasm': ${none} (Floor)`,
      own('floor'),
    ],
  ])('%s', async (_, message, args) => {
    const { status, stderr } = await runHere('demo', demo, ['--out', at('nothing'), ...args]);
    expect(status).toBe(1);
    expect(stderr.split('\n')).toEqual([expect.stringContaining(`demo: ${message}`), '']);
    expect(existsSync(at('nothing'))).toBe(false);
  });

  test('--out that is a file', async () => {
    const outcome = await runHere('demo', demo, [...own('model'), '--out', at('labels.json')]);
    expect(outcome).toEqual({
      status: 1,
      stdout: '',
      stderr: `demo: ${at('labels.json')}: not a folder\n`,
    });
  });
});

test('--help prints the usage', async () => {
  expect(await runHere('demo', demo, ['--help'])).toEqual({ status: 0, stdout: usage, stderr: '' });
});
