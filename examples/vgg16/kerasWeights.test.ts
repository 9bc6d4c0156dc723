import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runScript } from '../testing/runScript.js';
import { temporaryFolder } from '../testing/temporaryFolder.js';
import type { KerasFile, KerasLayer, ReadResult } from './testing/kerasFile.js';
import { base64, narrow, narrowLayers } from './testing/narrowVgg16.js';

const folder = temporaryFolder();
const at = (name: string) => path.join(folder, name);

/** A file in the layout of Keras's official one, with changes. */
function official(name: string, changes: Partial<KerasFile> = {}): KerasFile {
  return { file: at(name), format: 'v108', group: '/', layers: narrowLayers(), ...changes };
}

/** The official layers with one of them changed. */
function changed(name: string, change: (layer: KerasLayer) => KerasLayer): KerasLayer[] {
  return narrowLayers().map((layer) => (layer.name === name ? change(layer) : layer));
}

let results: Record<string, ReadResult>;
let stderr: string;

beforeAll(() => {
  const files: KerasFile[] = [
    official('official.h5'),
    official('whole-model.h5', {
      format: 'latest',
      group: 'model_weights',
      layers: narrowLayers({ naming: (layer) => [`${layer}/kernel:0`, `${layer}/bias:0`] }),
    }),
    official('no-top.h5', {
      layers: narrowLayers().filter(({ name }) => !/^(fc\d|predictions)$/.test(name)),
    }),
    official('vgg19.h5', {
      layers: narrowLayers().flatMap((layer) =>
        layer.name === 'block3_conv3' ? [layer, { ...layer, name: 'block3_conv4' }] : [layer],
      ),
    }),
    official('theano.h5', {
      layers: changed('block1_conv1', ({ name, weights: [kernel, bias] }) => ({
        name,
        weights: [{ ...kernel!, shape: [4, 3, 3, 3] }, bias!],
      })),
    }),
    official('no-bias.h5', {
      layers: changed('fc1', ({ name, weights }) => ({ name, weights: weights.slice(0, 1) })),
    }),
    official('float64.h5', {
      layers: changed('fc2', ({ name, weights: [kernel, bias] }) => ({
        name,
        weights: [kernel!, { ...bias!, type: 'float64', bytes: base64(new Float64Array(256)) }],
      })),
    }),
    official('no-dataset.h5', {
      layers: changed('fc2', ({ name, weights: [kernel] }) => ({
        name,
        weights: [kernel!, { name: 'fc2_b_1:0', shape: [256], type: 'float32' }],
      })),
    }),
    official('no-weight-names.h5', {
      layers: changed('fc2', (layer) => ({ ...layer, anonymous: true })),
    }),
    official('no-layer-names.h5', { anonymous: true }),
  ];
  const written = runScript('vgg16/testing/writeKerasFiles.ts', [], JSON.stringify(files));
  expect(written).toEqual({ status: 0, stdout: '', stderr: '' });

  const bytes = readFileSync(at('official.h5'));
  writeFileSync(at('cut-short.h5'), bytes.subarray(0, 200_000));
  writeFileSync(at('cut-in-header.h5'), bytes.subarray(0, 30));
  // The root group's object header, right after the superblock, overwritten.
  writeFileSync(at('damaged.h5'), Buffer.from(bytes).fill(0x33, 96, 200));
  writeFileSync(at('page.h5'), '<!doctype html><title>404 Not Found</title>');
  writeFileSync(at('empty.h5'), '');

  const names = files.map(({ file }) => file);
  const others = ['cut-short', 'cut-in-header', 'damaged', 'page', 'empty', 'missing'].map((name) =>
    at(`${name}.h5`),
  );
  const read = runScript('vgg16/testing/readKerasFiles.ts', [
    JSON.stringify(narrow),
    ...names,
    ...others,
    folder,
  ]);
  expect(read.status).toBe(0);
  results = JSON.parse(read.stdout) as Record<string, ReadResult>;
  stderr = read.stderr;
});

// A kernel of fc2 is larger than what is read at once, and not by a whole number of times.
test.each(['official.h5', 'whole-model.h5'])('%s is loaded to the bit', (name) => {
  const weighted = narrowLayers().filter(({ weights }) => weights.length > 0);
  const expected = weighted.map((layer) => [layer.name, layer.weights.map(({ bytes }) => bytes)]);
  const loaded = Object.entries(results[at(name)]!.weights).filter(
    ([, weights]) => weights.length > 0,
  );
  expect(Object.fromEntries(loaded)).toEqual(Object.fromEntries(expected));
  expect(results[at(name)]!.error).toBeUndefined();
});

const list =
  'block1_conv1, block1_conv2, block2_conv1, block2_conv2, block3_conv1, block3_conv2, block3_conv3, ';
const wrong: [name: string, message: string][] = [
  ['missing.h5', 'no such file'],
  ['.', 'not a file'],
  ['page.h5', 'not an HDF5 file'],
  ['empty.h5', 'not an HDF5 file'],
  ['no-layer-names.h5', "not a weights file of Keras (no attribute 'layer_names')"],
  ['no-weight-names.h5', "layer 'fc2' has no attribute 'weight_names'"],
  ['no-dataset.h5', "layer 'fc2' lacks its weight 'fc2_b_1:0'"],
  [
    'no-top.h5',
    `layer 'fc1' is missing, there are ${list}block4_conv1, block4_conv2, block4_conv3, ` +
      'block5_conv1, block5_conv2, block5_conv3',
  ],
  ['vgg19.h5', "of another model, which has a layer 'block3_conv4'"],
  [
    'theano.h5',
    "layer 'block1_conv1' must have weights of shape [3, 3, 3, 4], [4], found [4, 3, 3, 3], [4]",
  ],
  ['no-bias.h5', "layer 'fc1' must have weights of shape [32, 256], [256], found [32, 256]"],
  ['float64.h5', "layer 'fc2' must have weights of type float32, found <d in /fc2/fc2_b_1:0"],
];

test.each(wrong)('%s: %s', (name, message) => {
  expect(results[at(name)]!.error).toBe(`${at(name)}: ${message}`);
});

test('a file cut short says how long it should be', () => {
  const length = readFileSync(at('official.h5')).length;
  expect(results[at('cut-short.h5')]!.error).toBe(
    `${at('cut-short.h5')}: cut short: it should be ${length} bytes long and is 200000 (download it again)`,
  );
});

test.each(['cut-in-header.h5', 'damaged.h5'])(
  '%s is called damaged, in one line, with the reason HDF5 gives',
  (name) => {
    const start = `${at(name)}: damaged: HDF5 cannot read it (`;
    expect(results[at(name)]!.error!.slice(0, start.length)).toBe(start);
    expect(results[at(name)]!.error).not.toContain('\n');
  },
);

test('a wrong file changes no weight', () => {
  for (const { error, weights } of Object.values(results)) {
    if (error === undefined) continue;
    expect(
      Object.values(weights)
        .flat()
        .every((bytes) => Buffer.from(bytes, 'base64').every((byte) => byte === 0)),
    ).toBe(true);
  }
});

test('no file leaves a tensor behind or makes HDF5 write to stderr', () => {
  expect(Object.values(results).map(({ leakedTensors }) => leakedTensors)).toEqual(
    Object.values(results).map(() => 0),
  );
  expect(stderr).toBe('');
});
